{{ config(materialized='incremental', unique_key=['day', 'customer'], incremental_strategy='delete+insert', dist='customer', sort='day') }}
select cast(sold_at as date) as day, customer, count(*) as sales, sum(price) as revenue
from {{ ref('raw_sales') }}
{% if is_incremental() %}
where cast(sold_at as date) >= (select max(day) from {{ this }})
{% endif %}
group by 1, 2
