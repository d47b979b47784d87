// `@lianyi/domain/errors`: what a program needs to tell a failure, without the catalogue and its schemas.
export { DomainError, type ErrorDetails } from './domain-error';
export { codeOfFailure, LedgerFailure, NoAnswer, Refused } from './request/ledger-failure';
export * from './errors/causes';
export * from './errors/table';
export * from './operation-outcome';
