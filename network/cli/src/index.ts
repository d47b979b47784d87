export { runNetworkCli } from './program';
