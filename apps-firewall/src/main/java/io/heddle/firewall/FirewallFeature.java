package io.heddle.firewall;

import io.heddle.core.compile.Feature;
import io.heddle.firewall.rule.AclEntries;
import io.heddle.firewall.rule.AclOfSubnet;
import io.heddle.firewall.rule.AclSubscription;
import io.heddle.firewall.rule.ConnectionTracking;
import io.heddle.firewall.rule.EgressRules;
import io.heddle.firewall.rule.IdentityPolicy;
import io.heddle.firewall.rule.IngressRules;
import io.heddle.firewall.rule.PolicyLog;
import io.heddle.firewall.rule.PolicySubscription;
import io.heddle.firewall.rule.SpoofGuard;
import io.heddle.firewall.rule.StatelessPairs;
import java.util.List;

/// What the firewall adds to the controller.
public final class FirewallFeature {

  private FirewallFeature() {}

  public static Feature feature() {
    return new Feature(
        "firewall",
        List.of(
            new SpoofGuard(),
            new ConnectionTracking(),
            new IdentityPolicy(),
            new IngressRules(),
            new EgressRules(),
            new StatelessPairs(),
            new StatelessPairs.Pass(),
            new PolicyLog(),
            new PolicySubscription(),
            new AclEntries(),
            new AclOfSubnet(),
            new AclSubscription()),
        List.of());
  }
}
