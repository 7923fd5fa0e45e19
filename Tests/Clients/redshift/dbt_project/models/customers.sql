{{ config(materialized='view') }}
select id, name, city from {{ ref('raw_customers') }}
