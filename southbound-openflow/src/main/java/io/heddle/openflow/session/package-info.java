/// Connections to switches: who may speak, what was asked, what came back.
///
/// [io.heddle.openflow.session.SwitchServer] listens and dials. Each connection goes through
/// [io.heddle.openflow.session.Handshake] (hello, features) and becomes a
/// [io.heddle.openflow.session.SwitchConnection], which puts to the switch what the
/// [io.heddle.openflow.session.ClaimPolicy] says: a [io.heddle.openflow.session.Claim] as master,
/// as a standby, or none. While the switch is ours it has a
/// [io.heddle.openflow.session.LiveSession], which the owner sees as a
/// [io.heddle.openflow.session.SwitchSession]; sessions come and go with the role, the connection
/// stays. What happens is told to [io.heddle.openflow.session.SwitchEvents].
///
/// A shell: it carries messages and decides nothing. All state of a connection belongs to its event
/// loop; the methods of [io.heddle.openflow.session.SwitchSession] may be called from any thread.
/// Every limit stands in [io.heddle.openflow.session.Limits].
@NullMarked
package io.heddle.openflow.session;

import org.jspecify.annotations.NullMarked;
