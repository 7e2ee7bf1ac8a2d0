/// What clients ask of security groups. Each command is decided against a draft of the image and
/// reads by key and index only: its cost does not grow with the cluster.
///
/// Values arrive typed; what is left to say no to is what other rows stand in the way of.
@NullMarked
package io.heddle.firewall.command;

import org.jspecify.annotations.NullMarked;
