export { freePort } from './free-port.ts';
export { closeServer, listenOnLoopback } from './listen.ts';
export { isOwnName } from './own-name.ts';
export { PortTakenError } from './port-taken-error.ts';
export { splitTarget } from './request-target.ts';
export { ServiceStartError } from './service-start-error.ts';
