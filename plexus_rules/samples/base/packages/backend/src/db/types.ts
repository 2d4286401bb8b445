import type { InferInsertModel, InferSelectModel } from 'drizzle-orm';
import type * as schema from '../../drizzle/schema/sqlite';

export type Schema = typeof schema;

export type Provider = InferSelectModel<typeof schema.providers>;
export type ProviderModel = InferSelectModel<typeof schema.providerModels>;
export type ApiKey = InferSelectModel<typeof schema.apiKeys>;
export type RequestUsage = InferSelectModel<typeof schema.requestUsage>;

export type NewProvider = InferInsertModel<typeof schema.providers>;
export type NewProviderModel = InferInsertModel<typeof schema.providerModels>;
export type NewApiKey = InferInsertModel<typeof schema.apiKeys>;
export type NewRequestUsage = InferInsertModel<typeof schema.requestUsage>;
