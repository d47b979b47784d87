export { runCli } from './run';
export { type Terminal } from './terminal';
