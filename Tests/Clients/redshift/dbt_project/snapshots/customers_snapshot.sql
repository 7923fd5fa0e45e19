{% snapshot customers_snapshot %}
{{ config(target_schema='analytics', unique_key='id', strategy='check', check_cols=['name', 'city']) }}
select * from {{ ref('raw_customers') }}
{% endsnapshot %}
