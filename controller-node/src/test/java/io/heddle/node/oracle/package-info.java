/// The oracle: what the intent says of a packet, worked out in tens of lines that know no flows, is
/// what the compiled flows of all apps do with it, on random clouds.
///
/// [io.heddle.node.oracle.Reachability] reads rows and says where a packet goes.
/// [io.heddle.node.oracle.RandomCloud] makes the rows, by the same commands that clients use.
/// [io.heddle.node.oracle.Wiring] carries packets from host to host through the flows that these
/// hosts subscribe to. When [io.heddle.node.oracle.OracleTest] fails it names a seed; one that
/// found something becomes a test of its own.
@NullMarked
package io.heddle.node.oracle;

import org.jspecify.annotations.NullMarked;
