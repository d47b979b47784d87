export const lifecycleNamespace = '_lifecycle';
/** @remarks Source: core/chaincode/implicitcollection. */
export const implicitCollectionOf = (mspId: string): string => `_implicit_org_${mspId}`;
