// A C# project with a pipeline of many files, to measure how long its build takes:
//
//   node benchmarks/many-files.mjs FOLDER [FILES]     200 files with 1,000 datasets, if not told otherwise
//   dotnet build FOLDER -t:LakeflowSnapshot -restore  (a nuget.config in FOLDER or above it names a feed with the packages)
//   dotnet build FOLDER --no-restore -clp:PerformanceSummary
//
// Each file: a streaming table from JSON with expectations, one that cleans it, a view, an aggregate by country and day, and a join
// of that with the aggregate of the file before, in groups of ten.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [folder, files = "200"] = process.argv.slice(2);
const write = (path, text) => writeFileSync(join(folder, path), text);

mkdirSync(join(folder, "pipeline"), { recursive: true });
mkdirSync(join(folder, "data", "events"), { recursive: true });
write("data/events/1.json", '{"id":1,"customer":"Kari","country":"no","kind":"sale","gross":1.5,"net":1.00,"quantity":2,"at":"2026-01-01T00:00:00Z"}\n');
write("lakeflow.yml", "name: many\nschema: many\nlakehouse: ./lakehouse\nmounts:\n  /Volumes/main/raw: ./data\n");
write("many.csproj", `<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <Nullable>enable</Nullable>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Lakeflow.Sdk" Version="0.1.0" />
  </ItemGroup>
</Project>
`);

const number = i => String(i).padStart(3, "0");
for (let i = 0; i < Number(files); i++) {
  const n = number(i);
  const before = number(Math.max(i - 1, i - (i % 10)));
  write(`pipeline/part_${n}.lfsql`, `-- Part ${n}: what is sold, cleaned, counted by day and set beside the part before.
CREATE OR REFRESH STREAMING TABLE events_${n} (
  CONSTRAINT has_customer   EXPECT (customer IS NOT NULL),
  CONSTRAINT positive_gross EXPECT (gross > 0) ON VIOLATION DROP ROW
)
COMMENT 'Events of part ${n}'
AS SELECT id, customer, upper(country) AS country, kind, gross, CAST(net AS DECIMAL(12, 2)) AS net, quantity, at
FROM STREAM read_files('/Volumes/main/raw/events', format => 'json',
                       schema => 'id BIGINT, customer STRING, country STRING, kind STRING, gross DOUBLE, net DOUBLE, quantity INT, at TIMESTAMP');

CREATE OR REFRESH STREAMING TABLE sales_${n} (
  CONSTRAINT known_country EXPECT (country IN ('NO', 'SE', 'DK', 'FI')) ON VIOLATION DROP ROW
)
AS SELECT id, customer, country, gross * quantity AS amount, net, coalesce(quantity, 1) AS quantity, CAST(at AS DATE) AS day,
          CASE WHEN gross > 1000 THEN 'large' WHEN gross > ${i + 10} THEN 'medium' ELSE 'small' END AS size
FROM STREAM events_${n}
WHERE kind = 'sale';

CREATE TEMPORARY VIEW large_${n} AS
SELECT customer, country, amount, day FROM sales_${n} WHERE size <> 'small';

CREATE OR REFRESH MATERIALIZED VIEW daily_${n}
COMMENT 'What each country bought each day'
AS SELECT country, day, count(*) AS sales, sum(amount) AS amount, sum(net) AS net, max(quantity) AS most
FROM sales_${n}
GROUP BY country, day;

CREATE OR REFRESH MATERIALIZED VIEW compared_${n}
AS SELECT d.country, d.day, d.amount, b.amount AS before, l.customer, l.amount AS of_customer
FROM daily_${n} d
LEFT JOIN daily_${before} b ON d.country = b.country AND d.day = b.day
JOIN large_${n} l ON l.country = d.country AND l.day = d.day;
`);
}
