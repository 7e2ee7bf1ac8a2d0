/// The firewall: a port sends only as itself, and what its security groups do not allow is dropped.
///
/// [io.heddle.firewall.FirewallFeature] is all that the controller's assembly needs. `command`
/// holds what clients ask for, `policy` what rules and groups mean (values only), `rule` how that
/// becomes flows. Start with `rule`'s package documentation: it says how connections are tracked
/// and why it is sound.
@NullMarked
package io.heddle.firewall;

import org.jspecify.annotations.NullMarked;
