-- The tables by themselves: keys as designed, even, and loaded by every slice.
ASSERT DISTSTYLE OF customers IS KEY (customer_id);
ASSERT DISTSTYLE OF orders IS KEY (customer_id);
ASSERT DISTSTYLE OF order_items IS KEY (customer_id);
ASSERT DISTSTYLE OF products IS ALL;

ASSERT SKEW OF customers AT MOST 1.3;
ASSERT SKEW OF orders AT MOST 1.3;
ASSERT SKEW OF order_items AT MOST 1.3;

-- A customer who has more than this is a test account, or a key that stands for "unknown".
ASSERT NO VALUE OF orders.customer_id ABOVE 0.5 PERCENT;
ASSERT NO VALUE OF order_items.customer_id ABOVE 0.5 PERCENT;

ASSERT COPY OF products USES EVERY SLICE;
