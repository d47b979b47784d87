/** Parts of the certificates by Fabric CA that unit tests look at one by one. Nobody else does. */
export { attributesOf } from '../crypto/attributes';
export { createSigningRequest, hostsOf } from '../crypto/signing-request';
export { caInfo, enrolled, parseAnswer, revocationList } from './answers';
export { type CaAddress, CaClient } from './ca-client';
export { Registrar } from './registrar';
export { serverConfig } from './server-config';
export { readAccess, authorityPaths, writeServerFiles } from './server-files';
export { basicAuthorization, createToken } from './token';
export { InProcessAuthority } from '../organizations/in-process-authority';
