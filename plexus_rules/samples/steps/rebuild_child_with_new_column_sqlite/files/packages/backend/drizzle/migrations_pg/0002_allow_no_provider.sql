ALTER TABLE "request_usage" ALTER COLUMN "provider" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "request_usage" ADD COLUMN "account" text;