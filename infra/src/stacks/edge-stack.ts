import { CrossStackReferences, ReferenceStrength, Stack, type StackProps } from 'aws-cdk-lib';
import { Certificate, CertificateValidation } from 'aws-cdk-lib/aws-certificatemanager';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import type { Construct } from 'constructs';
import type { Environment } from '../config.ts';

type Domain = NonNullable<Environment['domain']>;
type Firewall = NonNullable<Environment['firewall']>;

/** What CloudFront wants to have in its home region: certificate and firewall, each if there is a setting for it. */
export class EdgeStack extends Stack {
  readonly certificate: Certificate | undefined;
  readonly firewall: CfnWebACL | undefined;

  constructor(scope: Construct, id: string, { environment, ...props }: StackProps & { environment: Environment }) {
    super(scope, id, props);
    this.certificate = environment.domain && this.makeCertificate(environment.domain);
    this.firewall = environment.firewall && this.makeFirewall(environment.firewall);
    // Exports end at the region's border. An output can be read across it, without custom resources in both regions.
    for (const made of [this.certificate, this.firewall])
      if (made) CrossStackReferences.of(made).produce(ReferenceStrength.WEAK);
  }

  private makeCertificate({ name, hostedZoneId, zoneName }: Domain): Certificate {
    const zone = HostedZone.fromHostedZoneAttributes(this, 'Zone', { hostedZoneId, zoneName });
    return new Certificate(this, 'Certificate', {
      domainName: name,
      validation: CertificateValidation.fromDns(zone),
    });
  }

  /**
   * Rates of one client address. No rule reads bodies: what people write to each other must not look like an attack.
   */
  private makeFirewall({ requestsPerFiveMinutes, signInsPerFiveMinutes }: Firewall): CfnWebACL {
    return new CfnWebACL(this, 'Firewall', {
      scope: 'CLOUDFRONT',
      defaultAction: { allow: {} },
      visibilityConfig: visibility('Firewall'),
      rules: [
        {
          name: 'SignIns',
          priority: 0,
          action: { block: { customResponse: { responseCode: 429 } } },
          visibilityConfig: visibility('SignIns'),
          statement: {
            rateBasedStatement: {
              aggregateKeyType: 'IP',
              evaluationWindowSec: 300,
              limit: signInsPerFiveMinutes,
              scopeDownStatement: {
                byteMatchStatement: {
                  fieldToMatch: { uriPath: {} },
                  positionalConstraint: 'STARTS_WITH',
                  searchString: '/api/auth/',
                  textTransformations: [{ priority: 0, type: 'URL_DECODE' }],
                },
              },
            },
          },
        },
        {
          name: 'Requests',
          priority: 1,
          action: { block: { customResponse: { responseCode: 429 } } },
          visibilityConfig: visibility('Requests'),
          statement: {
            rateBasedStatement: { aggregateKeyType: 'IP', evaluationWindowSec: 300, limit: requestsPerFiveMinutes },
          },
        },
        {
          name: 'KnownAttackers',
          priority: 2,
          overrideAction: { none: {} },
          visibilityConfig: visibility('KnownAttackers'),
          statement: {
            managedRuleGroupStatement: { vendorName: 'AWS', name: 'AWSManagedRulesAmazonIpReputationList' },
          },
        },
      ],
    });
  }
}

/** Counts, but no samples: a sampled request is kept with its headers, and access tokens in them. */
function visibility(metricName: string): CfnWebACL.VisibilityConfigProperty {
  return { cloudWatchMetricsEnabled: true, metricName, sampledRequestsEnabled: false };
}
