package dev.annals.engine.folding;

/**
 * What the code of a domain throws: any exception, and any {@code Error} but those of the JVM itself, is a bug of the
 * domain, and is dealt with where it came up, as one that would be thrown again.
 */
public final class DomainBug {

    private DomainBug() {}

    /**
     * Throws on what no domain is to blame for, and no JVM should live on with: a {@link VirtualMachineError}, unless
     * it is that of a recursion that does not end.
     *
     * @param thrown by the code of a domain
     */
    public static void require(Throwable thrown) {
        if (thrown instanceof VirtualMachineError e && !(e instanceof StackOverflowError)) {
            throw e;
        }
    }
}
