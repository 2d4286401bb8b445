ALTER TYPE "public"."provider_kind" ADD VALUE 'mistral';--> statement-breakpoint
ALTER TABLE "providers" ADD COLUMN "fallback" "provider_kind" DEFAULT 'mistral';