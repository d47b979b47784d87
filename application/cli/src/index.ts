export { runLianyi } from './run';
export { type Terminal } from './terminal';
