/// What certificates say of their bearers, and what a node shows and believes when it meets
/// another.
///
/// Only types of the JDK: the packages that open sockets (Ratis, Hazelcast, and the modules outside
/// the core) are given these. Where the files are and when they change is the node's affair; a
/// [io.heddle.core.tls.PeerTls] always stands for the newest ones. Any thread.
@NullMarked
package io.heddle.core.tls;

import org.jspecify.annotations.NullMarked;
