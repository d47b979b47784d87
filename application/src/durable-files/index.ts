export { asStorageFault, createDurably, hasCode, syncDirectory, writeDurably } from './durable-write';
