-- Custom SQL migration file, put your code below! --
UPDATE "request_usage" SET "model" = 'unknown' WHERE "model" = '';
