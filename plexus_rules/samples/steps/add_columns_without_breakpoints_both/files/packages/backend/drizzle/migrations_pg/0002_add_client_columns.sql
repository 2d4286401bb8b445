ALTER TABLE "request_usage" ADD COLUMN "client_request_id" text;
ALTER TABLE "request_usage" ADD COLUMN "client_address" text;