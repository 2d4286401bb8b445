import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const providers = sqliteTable('providers', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  slug: text('slug').notNull().unique(),
  name: text('name').notNull(),
  kind: text('kind').notNull(),
  fallback: text('fallback').default('mistral'),
  enabled: integer('enabled', { mode: 'boolean' }).notNull().default(true),
});

export const providerModels = sqliteTable(
  'provider_models',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    providerId: integer('provider_id')
      .notNull()
      .references(() => providers.id, { onDelete: 'cascade' }),
    model: text('model').notNull(),
  },
  (table) => [index('provider_models_provider_idx').on(table.providerId)],
);
