/// What the firewall's rows mean in flows: rules of the compiler, pure functions of the rows they
/// read.
///
/// [io.heddle.firewall.rule.ConnectionTracking] is the frame that all packets pass,
/// [io.heddle.firewall.rule.IdentityPolicy] sends them past the rules of groups
/// ([io.heddle.firewall.rule.IngressRules], [io.heddle.firewall.rule.EgressRules]).
///
/// # How connections are tracked
///
/// One zone for each host and VPC. The rules judge every packet as they are now, so that a rule or
/// a membership that goes takes its connections with it, both directions in the same bundle:
///
/// - What the opening end sends is held against the rules of its direction, first packet or not.
/// - A reply is held against the rules of the *other* direction, read on the connection's first
///   packet and on the identity of who the reply goes to. It never meets the rules of its own
///   direction: those would admit it, and remember the connection the wrong way round.
///
/// Both ends' identities are those of now: the source's comes from its port or the VNI, the
/// target's is announced with its address. Nothing of them is kept with the connection.
///
/// # Who tracks what, and why that is sound
///
/// The target's host remembers every connection to it (except stateless pairs). The source's host
/// does so too where the source's egress is restricted, because there the replies are held against
/// egress rules. Where it is not, replies only have to be *replies*, and the host that sends them
/// knows: its entry says so, and it says so in the VNI. That word is good, because the entry was
/// made by a packet of the target itself, which passed the target's own anti-spoofing and its
/// egress rules; hosts are trusted, and tunnel packets are taken from hosts only. A packet that is
/// called a reply where no entry is, though the target's egress is restricted, is dropped: it must
/// not be taken for a first packet, or a connection would outlive the egress rule that it was
/// opened by.
///
/// Two identities that allow everything in both directions need no state between them: every packet
/// of either is admitted by the rules of its own direction. The price is that nothing is remembered
/// when one of them is closed later: what its ports send then is judged as if it opened a
/// connection. It goes on only if the rules as they are would let that end open it.
///
/// # What stalls
///
/// A host that learns of a connection only from its middle (it lost its entries, or tracked none
/// because nothing needed it) drops replies until the opening end speaks.
@NullMarked
package io.heddle.firewall.rule;

import org.jspecify.annotations.NullMarked;
