/**
 * Chromium sends nothing but through the proxy, addresses and loopback included: it resolves no name itself, and WebRTC
 * may not go around.
 */
export function egressArgs({ port }: { port: number }): string[] {
  return [
    `--proxy-server=http://127.0.0.1:${port}`,
    '--proxy-bypass-list=<-loopback>',
    '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
    '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
    '--webrtc-ip-handling-policy=disable_non_proxied_udp',
  ];
}
