/// Tests of views, mastery and calls between nodes.
@org.jspecify.annotations.NullUnmarked
package io.heddle.core.cluster;
