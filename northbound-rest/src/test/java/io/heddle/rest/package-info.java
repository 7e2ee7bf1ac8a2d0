/// The API over real HTTP, on a real store: every answer is held against the contract.
@org.jspecify.annotations.NullMarked
package io.heddle.rest;
