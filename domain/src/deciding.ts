// `@lianyi/domain/deciding`: how access is decided, for those who decide it. A client only asks, and does not wait for it to load.
export { mergeDecisions } from './access/combine';
export { decideAccess, factsNeededFor } from './access/decide-access';
export type { FactKey } from './access/sources/policy-source';
