export * from './providers';
export * from './request-usage';
