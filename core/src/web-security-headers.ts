const contentSecurityPolicyDirectives = {
  'default-src': "'self'",
  'script-src': "'self'",
  // Component libraries set inline styles for positions; scripts never get this.
  'style-src': "'self' 'unsafe-inline'",
  'img-src': "'self' data: blob:",
  'font-src': "'self'",
  'connect-src': "'self'",
  'manifest-src': "'self'",
  'object-src': "'none'",
  'base-uri': "'none'",
  'frame-ancestors': "'none'",
  'form-action': "'self'",
};

/** Value of Content-Security-Policy for the web app. `connect-src 'self'` includes the WebSocket of the same origin. */
export function contentSecurityPolicy(): string {
  return Object.entries(contentSecurityPolicyDirectives)
    .map(([directive, value]) => `${directive} ${value}`)
    .join('; ');
}

/** Headers of every page and file of the web app, the same at CloudFront and on the laptop. */
export const webSecurityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': contentSecurityPolicy(),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=()',
  'cross-origin-opener-policy': 'same-origin',
};
