export * from './providers';
export * from './api-keys';
export * from './request-usage';
