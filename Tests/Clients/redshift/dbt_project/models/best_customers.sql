{{ config(materialized='table', dist='all') }}
select c.name, sum(d.revenue) as revenue
from {{ ref('daily_sales') }} d join {{ ref('customers') }} c on c.id = d.customer
group by c.name
