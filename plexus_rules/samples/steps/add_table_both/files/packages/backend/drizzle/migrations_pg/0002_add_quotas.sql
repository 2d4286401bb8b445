CREATE TABLE "quotas" (
	"id" serial PRIMARY KEY NOT NULL,
	"model" text NOT NULL,
	"daily_tokens" bigint NOT NULL,
	CONSTRAINT "quotas_model_unique" UNIQUE("model")
);
