/// A private certificate authority in a directory: what mutual TLS between nodes, and between nodes
/// and hosts, needs, made without a server and without a network.
///
/// [io.heddle.cli.pki.Authority] makes the authority and issues; what it issues for is a
/// [io.heddle.cli.pki.Subject]. A certificate says in a URI of its own (`heddle:node:n1`,
/// `heddle:host:hv1`) what its bearer is; that URI, and not its common name, is what nodes go by.
/// All keys are on the curve P-256, which every Open vSwitch takes. Private keys are files with
/// mode 0600 from their first byte on, and no file is written over unless renewal is asked for.
@NullMarked
package io.heddle.cli.pki;

import org.jspecify.annotations.NullMarked;
