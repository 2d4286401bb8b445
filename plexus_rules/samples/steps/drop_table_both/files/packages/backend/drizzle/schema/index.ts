// SQLite is the default
export * from './sqlite/providers';
export * from './sqlite/request-usage';

// PostgreSQL, by other names
export { providerKind as pgProviderKind } from './postgres/enums';
export { providers as pgProviders, providerModels as pgProviderModels } from './postgres/providers';
export { requestUsage as pgRequestUsage } from './postgres/request-usage';
