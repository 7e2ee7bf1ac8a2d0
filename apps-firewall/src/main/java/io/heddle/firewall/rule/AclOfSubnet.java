package io.heddle.firewall.rule;

import io.heddle.core.compile.FlowRule;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.FlowSink;
import io.heddle.core.compile.View;
import io.heddle.core.flow.Action;
import io.heddle.core.flow.Actions;
import io.heddle.core.flow.Header;
import io.heddle.core.flow.Match;
import io.heddle.core.model.Kind;
import io.heddle.core.model.NetworkAclId;
import io.heddle.core.model.Subnet;
import io.heddle.core.pipeline.Overlay;
import io.heddle.core.pipeline.Priority;
import io.heddle.core.pipeline.Registers;
import io.heddle.core.pipeline.Stage;

/// Sends what leaves and enters a subnet past its network ACL.
///
/// What leaves goes to the gateway's MAC, what enters comes from it; what stays inside the subnet
/// meets no ACL. Before: such a packet in `acl_out` or `acl_in`. After: it is looked up in the
/// ACL's entries.
public final class AclOfSubnet implements FlowRule<Subnet> {

  @Override
  public Kind<Subnet> subject() {
    return Subnet.KIND;
  }

  /// A subnet without an ACL has no flows here.
  @Override
  public FlowSet home(Subnet subnet) {
    NetworkAclId acl = subnet.networkAcl();
    return acl == null ? FlowSet.vpc(subnet.vpc()) : FlowSet.acl(acl);
  }

  @Override
  public void compile(Subnet subnet, View view, FlowSink flows) {
    NetworkAclId id = subnet.networkAcl();
    if (id == null) {
      return;
    }
    Match here =
        Registers.VPC.is(view.require(subnet.vpc()).tag()).and(Registers.SUBNET.is(subnet.tag()));
    Action acl = Actions.set(Registers.GROUP, Integer.toUnsignedLong(view.require(id).tag()));
    flows
        .add(
            Stage.ACL_OUT,
            Priority.NORMAL,
            here.and(Match.mac(Header.ETH_DST, Overlay.GATEWAY_MAC)),
            acl,
            Stage.ACL_OUT_ENTRIES.goTo())
        .add(
            Stage.ACL_IN,
            Priority.NORMAL,
            here.and(Match.mac(Header.ETH_SRC, Overlay.GATEWAY_MAC)),
            acl,
            Stage.ACL_IN_ENTRIES.goTo());
  }
}
