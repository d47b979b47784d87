export { type Facade, startFhirFacade } from './facade';
export { type FacadeConfig, type FacadeConfigInput, facadeConfigSchema, loadFacadeConfig } from './facade-config';
