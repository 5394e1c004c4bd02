@org.jspecify.annotations.NullMarked
package dev.behalf.cli.api;
