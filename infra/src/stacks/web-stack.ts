import { Aws, CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { HttpApi, WebSocketApi } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  AllowedMethods,
  CacheHeaderBehavior,
  CachePolicy,
  CacheQueryStringBehavior,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  HttpVersion,
  OriginRequestHeaderBehavior,
  OriginRequestPolicy,
  OriginRequestCookieBehavior,
  OriginRequestQueryStringBehavior,
  PriceClass,
  ResponseHeadersPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { ARecord, AaaaRecord, HostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { CloudFrontTarget } from 'aws-cdk-lib/aws-route53-targets';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { contentSecurityPolicy, webSecurityHeaders } from '@top-active/core/domain';
import { acknowledge } from '../acknowledge.ts';
import type { Environment } from '../config.ts';
import { exportName } from '../export-name.ts';
import type { EdgeStack } from './edge-stack.ts';

export interface WebStackProps extends StackProps {
  environment: Environment;
  /** Certificate and firewall, if there are any. */
  edge: EdgeStack | undefined;
}

/**
 * What a browser reaches: one CloudFront address in front of the web files and both APIs. Of the APIs only what makes
 * their address stands here; stages, routes and functions come after it, since the functions must know that address.
 */
export class WebStack extends Stack {
  readonly httpApi: HttpApi;
  readonly webSocketApi: WebSocketApi;
  /** Name under which other stacks know the WebSocket API's id. */
  readonly webSocketApiExport: string;
  /** Name of the WebSocket API's one stage. */
  readonly realtimeStage = 'live';
  readonly webBucket: Bucket;
  readonly distribution: Distribution;
  /** Proof for the functions that a request came through CloudFront: what it sends now, and what it will send next. */
  readonly originSecrets: { current: Secret; next: Secret };

  private readonly domainName: string | undefined;

  constructor(scope: Construct, id: string, { environment, edge, ...props }: WebStackProps) {
    super(scope, id, props);
    this.domainName = environment.domain?.name;
    this.originSecrets = this.makeOriginSecrets(environment.originSecret ?? 1);
    this.httpApi = new HttpApi(this, 'HttpApi', { description: 'JSON API of the web app', createDefaultStage: false });
    this.webSocketApi = new WebSocketApi(this, 'WebSocketApi', { description: 'Hints that the event log has grown' });
    this.webSocketApiExport = exportName(this, this.webSocketApi.apiId);
    this.webBucket = new Bucket(this, 'Web', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      versioned: true,
      lifecycleRules: [{ noncurrentVersionExpiration: Duration.days(30) }],
      removalPolicy: environment.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    acknowledge(this.webBucket, { 'AwsSolutions-S1': 'Files of the web app, which everybody may read.' });
    this.distribution = this.makeDistribution(edge);
    if (environment.domain) this.makeAliases(environment.domain);
    acknowledge(this.distribution, {
      'AwsSolutions-CFR1': 'Owners travel: nobody is blocked by country.',
      'AwsSolutions-CFR2': 'The firewall is a setting (`firewall`): it has a price of its own.',
      'AwsSolutions-CFR3':
        'These logs hold query strings, in which codes of Google stand. The API logs its routes without them.',
      'AwsSolutions-CFR4':
        'With the certificate of cloudfront.net, AWS fixes the TLS versions; with `domain` set, we choose them.',
      'Annotation::@aws-cdk/aws-cloudfront:minimumProtocolVersionWithoutCertificate':
        'It takes effect with `domain` set.',
    });
    new CfnOutput(this, 'Address', { value: this.appOrigin });
    new CfnOutput(this, 'WebBucket', { value: this.webBucket.bucketName });
  }

  /** Where people open the app, without trailing slash. */
  get appOrigin(): string {
    return `https://${this.domainName ?? this.distribution.distributionDomainName}`;
  }

  /** Where hints are posted to. Not through CloudFront: `@connections` answers only at the API's own address. */
  get realtimeEndpoint(): string {
    return `https://${apiHost(this.webSocketApi.apiId)}/${this.realtimeStage}`;
  }

  /** The one before stays for as long as functions of the deployment before may still name it. */
  private makeOriginSecrets(number: number): WebStack['originSecrets'] {
    const make = (which: number) => {
      const secret = new Secret(this, `OriginSecret${which}`, {
        generateSecretString: { passwordLength: 48, excludePunctuation: true },
      });
      acknowledge(secret, {
        'AwsSolutions-SMG4': 'It changes with the setting `originSecret`: only a deployment updates what refers to it.',
      });
      // Not left to whoever refers to it: an export that vanishes while it is in use stops the deployment.
      this.exportValue(secret.secretArn);
      return secret;
    };
    if (number > 1) make(number - 1);
    return { current: make(number), next: make(number + 1) };
  }

  private makeAliases({ name, hostedZoneId, zoneName }: NonNullable<Environment['domain']>): void {
    const zone = HostedZone.fromHostedZoneAttributes(this, 'Zone', { hostedZoneId, zoneName });
    const target = RecordTarget.fromAlias(new CloudFrontTarget(this.distribution));
    new ARecord(this, 'Alias', { zone, target, recordName: `${name}.` });
    new AaaaRecord(this, 'AliasV6', { zone, target, recordName: `${name}.` });
  }

  private makeDistribution(edge: EdgeStack | undefined): Distribution {
    const customHeaders = { 'x-origin-secret': this.originSecrets.current.secretValue.unsafeUnwrap() };
    const api = new HttpOrigin(apiHost(this.httpApi.apiId), { customHeaders });
    const webSocket = new HttpOrigin(apiHost(this.webSocketApi.apiId), { customHeaders });
    // The viewer's Host header must not be forwarded: API Gateway would not know the name.
    const forwardAllButHost = OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER;
    const withViewerAddress = new OriginRequestPolicy(this, 'ApiRequests', {
      headerBehavior: OriginRequestHeaderBehavior.allowList(
        'CloudFront-Viewer-Address',
        'Origin',
        'Content-Type',
        'Idempotency-Key',
        'Accept-Language',
      ),
      cookieBehavior: OriginRequestCookieBehavior.all(),
      queryStringBehavior: OriginRequestQueryStringBehavior.all(),
    });
    // Only a cache policy may forward Authorization beside chosen headers. Every API answer says `no-store`, so nothing
    // is cached; the second of maximum age is the smallest with which CloudFront accepts a header here.
    const withAuthorization = new CachePolicy(this, 'ApiCache', {
      headerBehavior: CacheHeaderBehavior.allowList('Authorization'),
      queryStringBehavior: CacheQueryStringBehavior.all(),
      minTtl: Duration.seconds(0),
      defaultTtl: Duration.seconds(0),
      maxTtl: Duration.seconds(1),
    });
    const shared = { viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY, allowedMethods: AllowedMethods.ALLOW_ALL };
    return new Distribution(this, 'Distribution', {
      ...(this.domainName && { domainNames: [this.domainName] }),
      ...(edge?.certificate && { certificate: edge.certificate }),
      ...(edge?.firewall && { webAclId: edge.firewall.attrArn }),
      defaultRootObject: 'index.html',
      httpVersion: HttpVersion.HTTP2_AND_3,
      priceClass: PriceClass.PRICE_CLASS_ALL,
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      defaultBehavior: {
        origin: S3BucketOrigin.withOriginAccessControl(this.webBucket),
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        cachePolicy: CachePolicy.CACHING_OPTIMIZED,
        responseHeadersPolicy: this.securityHeaders(),
        functionAssociations: [
          { eventType: FunctionEventType.VIEWER_REQUEST, function: this.edgeFunction('PageRoutes', pageRoutes) },
        ],
      },
      // CloudFront keeps refusals for 10 s whatever they say of caching: one person's would be the next one's answer.
      errorResponses: cachedStatuses.map((httpStatus) => ({ httpStatus, ttl: Duration.seconds(0) })),
      additionalBehaviors: {
        'api/*': { ...shared, cachePolicy: withAuthorization, origin: api, originRequestPolicy: withViewerAddress },
        ws: {
          ...shared,
          cachePolicy: CachePolicy.CACHING_DISABLED,
          origin: webSocket,
          originRequestPolicy: forwardAllButHost,
          functionAssociations: [
            {
              eventType: FunctionEventType.VIEWER_REQUEST,
              function: this.edgeFunction('WebSocketPath', webSocketPath),
            },
          ],
        },
      },
    });
  }

  private edgeFunction(id: string, code: string): EdgeFunction {
    return new EdgeFunction(this, id, { runtime: FunctionRuntime.JS_2_0, code: FunctionCode.fromInline(code) });
  }

  private securityHeaders(): ResponseHeadersPolicy {
    return new ResponseHeadersPolicy(this, 'SecurityHeaders', {
      securityHeadersBehavior: {
        contentSecurityPolicy: { contentSecurityPolicy: contentSecurityPolicy(), override: true },
        contentTypeOptions: { override: true },
        frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
        referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.SAME_ORIGIN, override: true },
        strictTransportSecurity: { accessControlMaxAge: Duration.days(365), includeSubdomains: true, override: true },
      },
      // Those for which CloudFront has no field of its own.
      customHeadersBehavior: {
        customHeaders: (['permissions-policy', 'cross-origin-opener-policy'] as const).map((header) => ({
          header,
          value: webSecurityHeaders[header] ?? '',
          override: true,
        })),
      },
    });
  }
}

function apiHost(apiId: string): string {
  return `${apiId}.execute-api.${Aws.REGION}.${Aws.URL_SUFFIX}`;
}

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html */
const cachedStatuses = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504];

/** A WebSocket API answers only on its stage's path. */
const webSocketPath = `function handler(event) {
  event.request.uri = '/live';
  return event.request;
}`;

/** The app routes in the browser: every path without a file extension is its one page. */
const pageRoutes = `function handler(event) {
  if (!event.request.uri.split('/').pop().includes('.')) event.request.uri = '/index.html';
  return event.request;
}`;
