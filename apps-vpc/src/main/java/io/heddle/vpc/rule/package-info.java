/// What VPCs, subnets, ports and hosts mean in flows; each rule is named for what it makes happen.
///
/// What names an OpenFlow port or a ct zone goes to the host's own set; everything else is the
/// VPC's and shared by its hosts. A port is four flows of the shared set (ARP answer, neighbor when
/// routed, neighbor when bridged, the way to its host), each a unit of its own, so that a change
/// compiles and sends nothing besides. [io.heddle.vpc.rule.PipelineDefaults] has what holds for
/// every packet; start there, then [io.heddle.vpc.rule.PortClassification] and follow a packet
/// through the stages.
///
/// Pure functions of rows.
@NullMarked
package io.heddle.vpc.rule;

import org.jspecify.annotations.NullMarked;
