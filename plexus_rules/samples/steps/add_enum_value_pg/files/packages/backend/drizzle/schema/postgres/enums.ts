import { pgEnum } from 'drizzle-orm/pg-core';

export const providerKind = pgEnum('provider_kind', ['openai', 'anthropic', 'gemini', 'mistral']);
