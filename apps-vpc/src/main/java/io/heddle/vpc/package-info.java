/// VPCs: address spaces of tenants' own, cut into subnets, with ports for their VMs, on every host
/// and across hosts.
///
/// [io.heddle.vpc.VpcFeature] is what the controller is given. `command` changes the intent, `rule`
/// turns it into flows, and `dhcp` answers what VMs ask by DHCP. Security belongs to another app;
/// the two meet in the stages of [io.heddle.core.pipeline.Stage] and in no other place.
@NullMarked
package io.heddle.vpc;

import org.jspecify.annotations.NullMarked;
