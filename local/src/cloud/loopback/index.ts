export { freePort } from './free-port.ts';
export { closeServer, listenOnLoopback, type ListenOptions } from './listen.ts';
export { PortTakenError } from './port-taken-error.ts';
export { splitTarget, type RequestTarget } from './request-target.ts';
export { ServiceStartError } from './service-start-error.ts';
