CREATE TYPE "public"."provider_kind" AS ENUM('openai', 'anthropic', 'gemini');--> statement-breakpoint
CREATE TABLE "provider_models" (
	"id" serial PRIMARY KEY NOT NULL,
	"provider_id" integer NOT NULL,
	"model" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "providers" (
	"id" serial PRIMARY KEY NOT NULL,
	"slug" text NOT NULL,
	"name" text NOT NULL,
	"kind" "provider_kind" NOT NULL,
	"enabled" boolean DEFAULT true NOT NULL,
	CONSTRAINT "providers_slug_unique" UNIQUE("slug")
);
--> statement-breakpoint
CREATE TABLE "api_keys" (
	"id" serial PRIMARY KEY NOT NULL,
	"name" varchar(100) NOT NULL,
	"key_hash" text NOT NULL,
	"note" text,
	"created_at" bigint NOT NULL,
	CONSTRAINT "api_keys_key_hash_unique" UNIQUE("key_hash")
);
--> statement-breakpoint
CREATE TABLE "request_usage" (
	"id" serial PRIMARY KEY NOT NULL,
	"request_id" text NOT NULL,
	"date" bigint NOT NULL,
	"provider" text NOT NULL,
	"model" text NOT NULL,
	"is_streamed" integer NOT NULL,
	CONSTRAINT "request_usage_request_id_unique" UNIQUE("request_id")
);
--> statement-breakpoint
ALTER TABLE "provider_models" ADD CONSTRAINT "provider_models_provider_id_providers_id_fk" FOREIGN KEY ("provider_id") REFERENCES "public"."providers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "provider_models_provider_idx" ON "provider_models" USING btree ("provider_id");--> statement-breakpoint
CREATE INDEX "request_usage_date_idx" ON "request_usage" USING btree ("date");