-- Databricks notebook source
-- MAGIC %md
-- MAGIC # As such notebooks were written

-- COMMAND ----------

CREATE OR REFRESH STREAMING LIVE TABLE orders_raw
COMMENT "Orders as they came"
AS SELECT *, input_file_name() LIKE "%orders%" AS from_orders
FROM cloud_files("/mnt/raw/orders", "csv", map("header", "true", "schema", "id INT, amount INT"))

-- COMMAND ----------

CREATE TEMPORARY STREAMING LIVE VIEW more AS
SELECT id, amount FROM cloud_files("/mnt/raw/more", "json", map("schema", "id INT, amount INT"))

-- COMMAND ----------

CREATE OR REFRESH STREAMING LIVE TABLE orders (
  CONSTRAINT positive EXPECT (amount > 0) ON VIOLATION DROP ROW
)
AS SELECT id, amount FROM STREAM(LIVE.orders_raw)
UNION ALL
SELECT id, amount FROM STREAM(LIVE.more)

-- COMMAND ----------

CREATE OR REFRESH LIVE TABLE total AS SELECT sum(amount) AS amount, count(*) AS n FROM LIVE.orders
