import './logging-level';
export { contracts } from './contracts/index';
export { chaincodeMetadata } from './contracts/metadata';
