-- The lake as views in a Synapse serverless SQL pool, in a database of its own (not master). Made by
-- `npm run sql -- --scripts` from shared/lake/tables/; may be run again whenever tables get columns.
--   sqlcmd -S WORKSPACE-ondemand.sql.azuresynapse.net -d sidecart -G -v account=ACCOUNT -i synapse-serverless.sql
-- The workspace's managed identity needs the role Storage Blob Data Reader on the storage account.
-- Bronze may hold further columns, as they came: OPENROWSET without WITH shows them.
IF NOT EXISTS (SELECT * FROM sys.symmetric_keys WHERE name = '##MS_DatabaseMasterKey##') CREATE MASTER KEY;
IF NOT EXISTS (SELECT * FROM sys.database_scoped_credentials WHERE name = 'sidecart')
  CREATE DATABASE SCOPED CREDENTIAL sidecart WITH IDENTITY = 'Managed Identity';
GO

IF SCHEMA_ID('bronze') IS NULL EXEC('CREATE SCHEMA bronze');
IF NOT EXISTS (SELECT * FROM sys.external_data_sources WHERE name = 'sidecart_bronze')
  CREATE EXTERNAL DATA SOURCE sidecart_bronze
  WITH (LOCATION = 'https://$(account).blob.core.windows.net/bronze', CREDENTIAL = sidecart);
GO

IF SCHEMA_ID('silver') IS NULL EXEC('CREATE SCHEMA silver');
IF NOT EXISTS (SELECT * FROM sys.external_data_sources WHERE name = 'sidecart_silver')
  CREATE EXTERNAL DATA SOURCE sidecart_silver
  WITH (LOCATION = 'https://$(account).blob.core.windows.net/silver', CREDENTIAL = sidecart);
GO

IF SCHEMA_ID('quarantine') IS NULL EXEC('CREATE SCHEMA quarantine');
IF NOT EXISTS (SELECT * FROM sys.external_data_sources WHERE name = 'sidecart_quarantine')
  CREATE EXTERNAL DATA SOURCE sidecart_quarantine
  WITH (LOCATION = 'https://$(account).blob.core.windows.net/quarantine', CREDENTIAL = sidecart);
GO

IF SCHEMA_ID('gold') IS NULL EXEC('CREATE SCHEMA gold');
IF NOT EXISTS (SELECT * FROM sys.external_data_sources WHERE name = 'sidecart_gold')
  CREATE EXTERNAL DATA SOURCE sidecart_gold
  WITH (LOCATION = 'https://$(account).blob.core.windows.net/gold', CREDENTIAL = sidecart);
GO

-- Orders as an ERP delivers them: a row an order, or with item_id a row an order line
CREATE OR ALTER VIEW bronze.[orders] AS
SELECT * FROM OPENROWSET(BULK 'orders', DATA_SOURCE = 'sidecart_bronze', FORMAT = 'DELTA')
  WITH (
    [order_id] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [user_id] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [ordered_at] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [channel] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [status] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [country] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [currency] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [total] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [line_no] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [item_id] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [quantity] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [unit_price] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [discount] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [attributes_json] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_ingested_at] datetime2(6),
    [_batch_id] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_row_hash] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_source] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_row] bigint,
    [schemaVersion] int,
    [_ingested_on] date
  ) AS rows;
GO

-- Order lines where they come apart from their orders
CREATE OR ALTER VIEW bronze.[order_items] AS
SELECT * FROM OPENROWSET(BULK 'order_items', DATA_SOURCE = 'sidecart_bronze', FORMAT = 'DELTA')
  WITH (
    [order_id] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [line_no] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [item_id] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [quantity] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [unit_price] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [discount] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_ingested_at] datetime2(6),
    [_batch_id] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_row_hash] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_source] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_row] bigint,
    [schemaVersion] int,
    [_ingested_on] date
  ) AS rows;
GO

-- Products as files deliver them
CREATE OR ALTER VIEW bronze.[products] AS
SELECT * FROM OPENROWSET(BULK 'products', DATA_SOURCE = 'sidecart_bronze', FORMAT = 'DELTA')
  WITH (
    [item_id] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [name] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [category] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [brand] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [price] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [cost] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [in_stock] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [stock] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [tags] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [channels] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [regions] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [min_age] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [hidden] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [description] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [image_url] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [updated_at] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_ingested_at] datetime2(6),
    [_batch_id] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_row_hash] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_source] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_row] bigint,
    [schemaVersion] int,
    [_ingested_on] date
  ) AS rows;
GO

-- Customers as files deliver them; names, e-mail and phone are masked before they are stored (I16)
CREATE OR ALTER VIEW bronze.[customers] AS
SELECT * FROM OPENROWSET(BULK 'customers', DATA_SOURCE = 'sidecart_bronze', FORMAT = 'DELTA')
  WITH (
    [user_id] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [name_masked] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [email_masked] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [email_key] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [phone_masked] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [country] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [region] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [city] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [birth_date] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [birth_year] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [age] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [gender] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [signup_date] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [loyalty_program] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [updated_at] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_ingested_at] datetime2(6),
    [_batch_id] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_row_hash] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_source] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_row] bigint,
    [schemaVersion] int,
    [_ingested_on] date
  ) AS rows;
GO

-- Ratings as files deliver them
CREATE OR ALTER VIEW bronze.[ratings] AS
SELECT * FROM OPENROWSET(BULK 'ratings', DATA_SOURCE = 'sidecart_bronze', FORMAT = 'DELTA')
  WITH (
    [user_id] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [item_id] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [rating] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [rated_at] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [review] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_ingested_at] datetime2(6),
    [_batch_id] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_row_hash] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_source] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_row] bigint,
    [schemaVersion] int,
    [_ingested_on] date
  ) AS rows;
GO

-- Interactions of the hub `interactions` that fit the event contract
CREATE OR ALTER VIEW bronze.[interactions] AS
SELECT * FROM OPENROWSET(BULK 'interactions', DATA_SOURCE = 'sidecart_bronze', FORMAT = 'DELTA')
  WITH (
    [event] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_partition] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_sequence_number] bigint,
    [_enqueued_at] datetime2(6),
    [_ingested_at] datetime2(6),
    [_batch_id] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_row_hash] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_source] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_row] bigint,
    [schemaVersion] int,
    [_ingested_on] date
  ) AS rows;
GO

-- Changes of the hub `catalog-changes` that fit their contract (I07)
CREATE OR ALTER VIEW bronze.[catalog_changes] AS
SELECT * FROM OPENROWSET(BULK 'catalog_changes', DATA_SOURCE = 'sidecart_bronze', FORMAT = 'DELTA')
  WITH (
    [change] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_partition] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_sequence_number] bigint,
    [_enqueued_at] datetime2(6),
    [_ingested_at] datetime2(6),
    [_batch_id] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_row_hash] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_source] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_row] bigint,
    [schemaVersion] int,
    [_ingested_on] date
  ) AS rows;
GO

-- The catalogue as it is now: files and changes merged in order; deleted items stay as tombstones
CREATE OR ALTER VIEW silver.[products] AS
SELECT * FROM OPENROWSET(BULK 'products', DATA_SOURCE = 'sidecart_silver', FORMAT = 'DELTA')
  WITH (
    [item_id] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [name] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [brand] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [category] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [category_raw] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [price] float,
    [cost] float,
    [price_band] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [in_stock] bit,
    [stock] bigint,
    [description] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [image_url] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [tags] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [channels] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [regions] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [min_age] int,
    [hidden] bit,
    [is_deleted] bit,
    [first_seen_at] datetime2(6),
    [updated_at] datetime2(6),
    [_row_hash] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8
  ) AS rows;
GO

-- Customers with their history (SCD type 2): one row for each time something about them was different
CREATE OR ALTER VIEW silver.[customers] AS
SELECT * FROM OPENROWSET(BULK 'customers', DATA_SOURCE = 'sidecart_silver', FORMAT = 'DELTA')
  WITH (
    [user_id] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [customer_key] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [name_masked] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [email_masked] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [email_key] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [phone_masked] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [country] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [region] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [city] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [birth_year] int,
    [age_group] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [gender] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [signup_date] date,
    [loyalty_program] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [valid_from] datetime2(6),
    [valid_to] datetime2(6),
    [is_current] bit,
    [is_deleted] bit,
    [_row_hash] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8
  ) AS rows;
GO

-- Orders that came apart from their lines, each once: what their lines have in common
CREATE OR ALTER VIEW silver.[order_headers] AS
SELECT * FROM OPENROWSET(BULK 'order_headers', DATA_SOURCE = 'sidecart_silver', FORMAT = 'DELTA')
  WITH (
    [order_id] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [user_id] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [ordered_at] datetime2(6),
    [channel] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [status] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [country] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [currency] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [total] float,
    [_ingested_at] datetime2(6),
    [_row_hash] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8
  ) AS rows;
GO

-- Order lines, each once: sales and returns (`transactions_cleaned`)
CREATE OR ALTER VIEW silver.[order_lines] AS
SELECT * FROM OPENROWSET(BULK 'order_lines', DATA_SOURCE = 'sidecart_silver', FORMAT = 'DELTA')
  WITH (
    [line_key] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [order_id] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [user_id] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [customer_key] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [item_id] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [ordered_at] datetime2(6),
    [line_type] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [quantity] bigint,
    [unit_price] float,
    [discount] float,
    [amount] float,
    [channel] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [status] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [country] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [currency] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [day] date,
    [month] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [hour] int,
    [weekday] int,
    [season] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [is_weekend] bit,
    [_ingested_at] datetime2(6),
    [_row_hash] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8
  ) AS rows;
GO

-- Ratings of files and of the hub, the newest of each user and item
CREATE OR ALTER VIEW silver.[ratings] AS
SELECT * FROM OPENROWSET(BULK 'ratings', DATA_SOURCE = 'sidecart_silver', FORMAT = 'DELTA')
  WITH (
    [user_id] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [customer_key] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [item_id] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [rating] float,
    [rated_at] datetime2(6),
    [day] date,
    [_ingested_at] datetime2(6),
    [_row_hash] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8
  ) AS rows;
GO

-- Interactions, each event once
CREATE OR ALTER VIEW silver.[interactions] AS
SELECT * FROM OPENROWSET(BULK 'interactions', DATA_SOURCE = 'sidecart_silver', FORMAT = 'DELTA')
  WITH (
    [event_id] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [user_id] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [customer_key] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [item_id] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [event_type] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [happened_at] datetime2(6),
    [session_id] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [order_id] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [quantity] bigint,
    [value] float,
    [price] float,
    [referrer] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [device] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [recommendation_id] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [position] int,
    [propensity] float,
    [day] date,
    [month] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [hour] int,
    [weekday] int,
    [season] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [is_weekend] bit,
    [_ingested_at] datetime2(6),
    [_row_hash] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8
  ) AS rows;
GO

-- Whose a session was, each login once: what a visitor did in it is the user’s in training tables
CREATE OR ALTER VIEW silver.[logins] AS
SELECT * FROM OPENROWSET(BULK 'logins', DATA_SOURCE = 'sidecart_silver', FORMAT = 'DELTA')
  WITH (
    [event_id] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [user_id] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [customer_key] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [session_id] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [happened_at] datetime2(6),
    [day] date,
    [_ingested_at] datetime2(6),
    [_row_hash] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8
  ) AS rows;
GO

-- Orders, added up from their lines
CREATE OR ALTER VIEW silver.[orders] AS
SELECT * FROM OPENROWSET(BULK 'orders', DATA_SOURCE = 'sidecart_silver', FORMAT = 'DELTA')
  WITH (
    [order_id] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [user_id] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [customer_key] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [ordered_at] datetime2(6),
    [channel] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [status] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [country] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [lines] bigint,
    [items] bigint,
    [units] bigint,
    [revenue] float,
    [returned] float,
    [day] date,
    [month] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8
  ) AS rows;
GO

-- Sessions: a user’s interactions without half an hour’s pause, within one day (UTC)
CREATE OR ALTER VIEW silver.[sessions] AS
SELECT * FROM OPENROWSET(BULK 'sessions', DATA_SOURCE = 'sidecart_silver', FORMAT = 'DELTA')
  WITH (
    [session_key] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [user_id] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [customer_key] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [started_at] datetime2(6),
    [ended_at] datetime2(6),
    [events] bigint,
    [items] bigint,
    [views] bigint,
    [carts] bigint,
    [purchases] bigint,
    [device] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [day] date,
    [month] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8
  ) AS rows;
GO

-- What was bought together: by order, else by session, else by day (F14)
CREATE OR ALTER VIEW silver.[baskets] AS
SELECT * FROM OPENROWSET(BULK 'baskets', DATA_SOURCE = 'sidecart_silver', FORMAT = 'DELTA')
  WITH (
    [basket_key] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [user_id] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [bought_at] datetime2(6),
    [item_id] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [quantity] bigint,
    [month] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8
  ) AS rows;
GO

-- Customers by what they did, as of the newest order (F01-F03)
CREATE OR ALTER VIEW silver.[users] AS
SELECT * FROM OPENROWSET(BULK 'users', DATA_SOURCE = 'sidecart_silver', FORMAT = 'DELTA')
  WITH (
    [user_id] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [customer_key] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [first_order_at] datetime2(6),
    [last_order_at] datetime2(6),
    [orders] bigint,
    [units] bigint,
    [revenue] float,
    [average_order_value] float,
    [recency_days] int,
    [frequency] bigint,
    [monetary] float,
    [r_score] int,
    [f_score] int,
    [m_score] int,
    [rfm_segment] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [clv] float,
    [clv_segment] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [churn_risk] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [churn_score] float,
    [loyalty_tier] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [as_of] datetime2(6)
  ) AS rows;
GO

-- How much a user cares for an item: .4 rating + .3 purchase + .2 recency + .1 quantity (F13)
CREATE OR ALTER VIEW silver.[implicit_scores] AS
SELECT * FROM OPENROWSET(BULK 'implicit_scores', DATA_SOURCE = 'sidecart_silver', FORMAT = 'DELTA')
  WITH (
    [user_id] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [item_id] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [score] float,
    [rating_score] float,
    [purchase_score] float,
    [recency_score] float,
    [quantity_score] float,
    [last_at] datetime2(6)
  ) AS rows;
GO

-- Rows that silver/products does not hold, each with the first rule it breaks
CREATE OR ALTER VIEW quarantine.[products] AS
SELECT * FROM OPENROWSET(BULK 'products', DATA_SOURCE = 'sidecart_quarantine', FORMAT = 'DELTA')
  WITH (
    [rule] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [column] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [value] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [reason] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [row] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_table] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_source] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_row] bigint,
    [_batch_id] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_row_hash] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_ingested_at] datetime2(6),
    [rejected_at] datetime2(6),
    [rejected_on] date
  ) AS rows;
GO

-- Rows that silver/customers does not hold, each with the first rule it breaks
CREATE OR ALTER VIEW quarantine.[customers] AS
SELECT * FROM OPENROWSET(BULK 'customers', DATA_SOURCE = 'sidecart_quarantine', FORMAT = 'DELTA')
  WITH (
    [rule] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [column] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [value] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [reason] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [row] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_table] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_source] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_row] bigint,
    [_batch_id] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_row_hash] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_ingested_at] datetime2(6),
    [rejected_at] datetime2(6),
    [rejected_on] date
  ) AS rows;
GO

-- Rows that silver/order_headers does not hold, each with the first rule it breaks
CREATE OR ALTER VIEW quarantine.[order_headers] AS
SELECT * FROM OPENROWSET(BULK 'order_headers', DATA_SOURCE = 'sidecart_quarantine', FORMAT = 'DELTA')
  WITH (
    [rule] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [column] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [value] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [reason] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [row] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_table] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_source] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_row] bigint,
    [_batch_id] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_row_hash] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_ingested_at] datetime2(6),
    [rejected_at] datetime2(6),
    [rejected_on] date
  ) AS rows;
GO

-- Rows that silver/order_lines does not hold, each with the first rule it breaks
CREATE OR ALTER VIEW quarantine.[order_lines] AS
SELECT * FROM OPENROWSET(BULK 'order_lines', DATA_SOURCE = 'sidecart_quarantine', FORMAT = 'DELTA')
  WITH (
    [rule] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [column] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [value] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [reason] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [row] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_table] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_source] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_row] bigint,
    [_batch_id] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_row_hash] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_ingested_at] datetime2(6),
    [rejected_at] datetime2(6),
    [rejected_on] date
  ) AS rows;
GO

-- Rows that silver/ratings does not hold, each with the first rule it breaks
CREATE OR ALTER VIEW quarantine.[ratings] AS
SELECT * FROM OPENROWSET(BULK 'ratings', DATA_SOURCE = 'sidecart_quarantine', FORMAT = 'DELTA')
  WITH (
    [rule] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [column] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [value] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [reason] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [row] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_table] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_source] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_row] bigint,
    [_batch_id] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_row_hash] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_ingested_at] datetime2(6),
    [rejected_at] datetime2(6),
    [rejected_on] date
  ) AS rows;
GO

-- Rows that silver/interactions does not hold, each with the first rule it breaks
CREATE OR ALTER VIEW quarantine.[interactions] AS
SELECT * FROM OPENROWSET(BULK 'interactions', DATA_SOURCE = 'sidecart_quarantine', FORMAT = 'DELTA')
  WITH (
    [rule] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [column] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [value] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [reason] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [row] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_table] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_source] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_row] bigint,
    [_batch_id] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_row_hash] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_ingested_at] datetime2(6),
    [rejected_at] datetime2(6),
    [rejected_on] date
  ) AS rows;
GO

-- Rows that silver/logins does not hold, each with the first rule it breaks
CREATE OR ALTER VIEW quarantine.[logins] AS
SELECT * FROM OPENROWSET(BULK 'logins', DATA_SOURCE = 'sidecart_quarantine', FORMAT = 'DELTA')
  WITH (
    [rule] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [column] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [value] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [reason] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [row] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_table] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_source] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_row] bigint,
    [_batch_id] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_row_hash] varchar(max) COLLATE Latin1_General_100_BIN2_UTF8,
    [_ingested_at] datetime2(6),
    [rejected_at] datetime2(6),
    [rejected_on] date
  ) AS rows;
GO

-- Days from the first to the last of the facts, whole years
CREATE OR ALTER VIEW gold.[dim_date] AS
SELECT * FROM OPENROWSET(BULK 'dim_date', DATA_SOURCE = 'sidecart_gold', FORMAT = 'DELTA')
  WITH (
    [date_key] int,
    [day] date,
    [year] int,
    [quarter] int,
    [month_number] int,
    [month] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [month_name] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [week] int,
    [weekday] int,
    [weekday_name] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [is_weekend] bit,
    [season] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8
  ) AS rows;
GO

-- Products; the row with product_key 0 stands for what is unknown
CREATE OR ALTER VIEW gold.[dim_products] AS
SELECT * FROM OPENROWSET(BULK 'dim_products', DATA_SOURCE = 'sidecart_gold', FORMAT = 'DELTA')
  WITH (
    [product_key] bigint,
    [item_id] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [name] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [brand] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [category] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [price] float,
    [price_band] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [cost] float,
    [margin] float,
    [in_stock] bit,
    [tags] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [channels] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [regions] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [min_age] int,
    [hidden] bit,
    [is_deleted] bit
  ) AS rows;
GO

-- Customers by pseudonym, a row for each state they were in (SCD type 2); customer_sk 0 stands for guests
CREATE OR ALTER VIEW gold.[dim_customers] AS
SELECT * FROM OPENROWSET(BULK 'dim_customers', DATA_SOURCE = 'sidecart_gold', FORMAT = 'DELTA')
  WITH (
    [customer_sk] bigint,
    [customer_key] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [country] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [region] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [age_group] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [gender] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [signup_date] date,
    [rfm_segment] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [clv_segment] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [churn_risk] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [loyalty_tier] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [valid_from] datetime2(6),
    [valid_to] datetime2(6),
    [is_current] bit
  ) AS rows;
GO

-- Order lines with surrogate keys
CREATE OR ALTER VIEW gold.[fact_transactions] AS
SELECT * FROM OPENROWSET(BULK 'fact_transactions', DATA_SOURCE = 'sidecart_gold', FORMAT = 'DELTA')
  WITH (
    [transaction_key] bigint,
    [order_id] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [date_key] int,
    [product_key] bigint,
    [customer_sk] bigint,
    [customer_key] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [ordered_at] datetime2(6),
    [line_type] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [channel] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [country] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [quantity] bigint,
    [unit_price] float,
    [discount] float,
    [amount] float,
    [month] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8
  ) AS rows;
GO

-- Sales by day, category, channel and country (U01, U08)
CREATE OR ALTER VIEW gold.[daily_sales] AS
SELECT * FROM OPENROWSET(BULK 'daily_sales', DATA_SOURCE = 'sidecart_gold', FORMAT = 'DELTA')
  WITH (
    [day] date,
    [category] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [channel] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [country] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [orders] bigint,
    [customers] bigint,
    [units] bigint,
    [revenue] float,
    [returned] float,
    [month] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8
  ) AS rows;
GO

-- Customers and what they bring by segment, churn risk, tier, country and age (U02, U08)
CREATE OR ALTER VIEW gold.[customer_segments] AS
SELECT * FROM OPENROWSET(BULK 'customer_segments', DATA_SOURCE = 'sidecart_gold', FORMAT = 'DELTA')
  WITH (
    [clv_segment] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [rfm_segment] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [churn_risk] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [loyalty_tier] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [country] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [age_group] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [customers] bigint,
    [orders] bigint,
    [revenue] float,
    [clv] float,
    [as_of] datetime2(6)
  ) AS rows;
GO

-- How lists did, by day and list: shown, clicked, put into the cart, bought (U03, U08)
CREATE OR ALTER VIEW gold.[recommendation_metrics] AS
SELECT * FROM OPENROWSET(BULK 'recommendation_metrics', DATA_SOURCE = 'sidecart_gold', FORMAT = 'DELTA')
  WITH (
    [day] date,
    [model_version] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [category] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [impressions] bigint,
    [clicks] bigint,
    [carts] bigint,
    [purchases] bigint,
    [revenue] float,
    [users] bigint,
    [items] bigint
  ) AS rows;
GO

-- What models learn from: order lines and interactions, a purchase once however it came
CREATE OR ALTER VIEW gold.[training_interactions] AS
SELECT * FROM OPENROWSET(BULK 'training_interactions', DATA_SOURCE = 'sidecart_gold', FORMAT = 'DELTA')
  WITH (
    [user_id] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [item_id] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [event_type] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [happened_at] datetime2(6),
    [value] float,
    [quantity] bigint,
    [basket] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [identity] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [month] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8
  ) AS rows;
GO

-- Baskets of at least two items, for rules and co-purchase
CREATE OR ALTER VIEW gold.[training_baskets] AS
SELECT * FROM OPENROWSET(BULK 'training_baskets', DATA_SOURCE = 'sidecart_gold', FORMAT = 'DELTA')
  WITH (
    [basket_key] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [items] bigint,
    [item_ids] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [bought_at] datetime2(6),
    [month] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8
  ) AS rows;
GO

-- What was shown, and what came of it (E23)
CREATE OR ALTER VIEW gold.[training_impressions] AS
SELECT * FROM OPENROWSET(BULK 'training_impressions', DATA_SOURCE = 'sidecart_gold', FORMAT = 'DELTA')
  WITH (
    [event_id] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [recommendation_id] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [user_id] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [item_id] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [position] int,
    [propensity] float,
    [price] float,
    [shown_at] datetime2(6),
    [clicked] bit,
    [carted] bit,
    [purchased] bit,
    [outcome_at] datetime2(6),
    [pieces] bigint,
    [month] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8
  ) AS rows;
GO

-- Association rules as published
CREATE OR ALTER VIEW gold.[assoc_rules] AS
SELECT * FROM OPENROWSET(BULK 'assoc_rules', DATA_SOURCE = 'sidecart_gold', FORMAT = 'DELTA')
  WITH (
    [antecedent] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [consequent] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [antecedent_items] int,
    [support] float,
    [confidence] float,
    [lift] float,
    [leverage] float,
    [conviction] float,
    [generation] bigint,
    [model_version] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [generated_at] datetime2(6)
  ) AS rows;
GO

-- Neighbours of items as published
CREATE OR ALTER VIEW gold.[item_sim] AS
SELECT * FROM OPENROWSET(BULK 'item_sim', DATA_SOURCE = 'sidecart_gold', FORMAT = 'DELTA')
  WITH (
    [item_id] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [kind] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [neighbour_id] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [similarity] float,
    [rank] int,
    [generation] bigint,
    [model_version] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [generated_at] datetime2(6)
  ) AS rows;
GO

-- Personal lists as published
CREATE OR ALTER VIEW gold.[user_topn] AS
SELECT * FROM OPENROWSET(BULK 'user_topn', DATA_SOURCE = 'sidecart_gold', FORMAT = 'DELTA')
  WITH (
    [user_id] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [item_id] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [score] float,
    [rank] int,
    [generation] bigint,
    [model_version] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [generated_at] datetime2(6)
  ) AS rows;
GO

-- Certificates of models, a row a figure
CREATE OR ALTER VIEW gold.[model_metrics] AS
SELECT * FROM OPENROWSET(BULK 'model_metrics', DATA_SOURCE = 'sidecart_gold', FORMAT = 'DELTA')
  WITH (
    [metric] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [value] float,
    [generation] bigint,
    [model_version] varchar(8000) COLLATE Latin1_General_100_BIN2_UTF8,
    [generated_at] datetime2(6)
  ) AS rows;
GO
