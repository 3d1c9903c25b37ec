package dev.annals.imports;

import dev.annals.operations.OperationFailedException;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * A file of XML messages: elements of one name somewhere in it, each with its text as it stands in the file. Names are
 * without their prefixes. Neither a document type nor an entity of its own is read, and nothing outside of the file.
 */
final class XmlMessages {

    /** The text of a file is in memory as a whole. */
    private static final int MAX_CHARACTERS = 64 << 20;

    private static final int CHUNK = 1 << 16;
    private static final XMLInputFactory FACTORY = factory();

    private XmlMessages() {}

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        return factory;
    }

    /**
     * A message.
     *
     * @param values texts of its elements by their path from the message's own (an attribute behind {@code @}), for
     *     instance {@code flight/arrival@arrivalPoint}; of several of one path, the first
     */
    record XmlMessage(String file, long line, String text, Map<String, String> values) {

        @Nullable
        String optional(String path) {
            return values.get(path);
        }

        String required(String path) {
            String value = values.get(path);
            if (value == null) {
                throw new OperationFailedException("%s, line %d: the message has no %s".formatted(file, line, path));
            }
            return value;
        }

        OperationFailedException invalid(String path, String expected) {
            return new OperationFailedException(
                    "%s, line %d: %s '%s': expected %s".formatted(file, line, path, values.get(path), expected));
        }
    }

    /**
     * Hands over every message.
     *
     * @param names of the elements that are messages, by the name of the file's outermost element
     * @param messages are given the outermost element's name too
     * @throws OperationFailedException if the file can't be read, is malformed, or is of none of these kinds
     */
    static void forEach(InputFile file, Map<String, String> names, BiConsumer<String, XmlMessage> messages) {
        String text = text(file);
        try {
            XMLStreamReader xml = FACTORY.createXMLStreamReader(new StringReader(text));
            try {
                read(file, text, xml, names, messages);
            } finally {
                xml.close();
            }
        } catch (XMLStreamException e) {
            throw new OperationFailedException(
                    "%s, line %d: no XML that can be read: %s"
                            .formatted(
                                    file.name(),
                                    e.getLocation() == null
                                            ? 1
                                            : e.getLocation().getLineNumber(),
                                    e.getMessage()),
                    e);
        }
    }

    private static void read(
            InputFile file,
            String text,
            XMLStreamReader xml,
            Map<String, String> names,
            BiConsumer<String, XmlMessage> messages)
            throws XMLStreamException {
        String root = null;
        Matcher raw = null;
        while (xml.hasNext()) {
            int event = xml.next();
            if (event == XMLStreamConstants.DTD) {
                throw new OperationFailedException("%s: expected no document type (DOCTYPE)".formatted(file.name()));
            }
            if (event == XMLStreamConstants.START_ELEMENT) {
                String name = xml.getLocalName();
                if (root == null) {
                    root = name;
                    if (!names.containsKey(root)) {
                        throw new OperationFailedException("%s: expected an outermost element %s, got %s"
                                .formatted(file.name(), String.join(" or ", names.keySet()), root));
                    }
                    raw = raw(text, names.get(root));
                } else if (raw != null && name.equals(names.get(root))) {
                    messages.accept(root, message(file, raw, xml));
                }
            }
        }
    }

    private static XmlMessage message(InputFile file, Matcher raw, XMLStreamReader xml) throws XMLStreamException {
        long line = xml.getLocation().getLineNumber();
        if (!raw.find()) {
            throw new OperationFailedException("%s, line %d: expected every %s as an element with a tag at its end"
                    .formatted(file.name(), line, xml.getLocalName()));
        }
        Map<String, String> values = new HashMap<>();
        Deque<String> path = new ArrayDeque<>();
        attributes(xml, "", values);
        while (true) {
            switch (xml.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    path.addLast(xml.getLocalName());
                    attributes(xml, String.join("/", path), values);
                }
                case XMLStreamConstants.CHARACTERS -> {
                    if (!xml.isWhiteSpace()) {
                        values.putIfAbsent(String.join("/", path), xml.getText().strip());
                    }
                }
                case XMLStreamConstants.END_ELEMENT -> {
                    if (path.isEmpty()) {
                        return new XmlMessage(file.name(), line, raw.group(), values);
                    }
                    path.removeLast();
                }
                default -> {}
            }
        }
    }

    /**
     * The messages as they stand in the text, in which they are elements without such elements in them. What a reader
     * tells of places is not where they are.
     */
    private static Matcher raw(String text, String name) {
        String prefixed = "(?:[\\w.-]+:)?" + Pattern.quote(name);
        return Pattern.compile("<%s(?=[\\s>]).*?</%s\\s*>".formatted(prefixed, prefixed), Pattern.DOTALL)
                .matcher(text);
    }

    private static void attributes(XMLStreamReader xml, String path, Map<String, String> values) {
        for (int i = 0; i < xml.getAttributeCount(); i++) {
            values.putIfAbsent(path + "@" + xml.getAttributeLocalName(i), xml.getAttributeValue(i));
        }
    }

    private static String text(InputFile file) {
        StringBuilder text = new StringBuilder();
        char[] chunk = new char[CHUNK];
        try (Reader reader = file.open()) {
            for (int read = reader.read(chunk); read >= 0; read = reader.read(chunk)) {
                text.append(chunk, 0, read);
                if (text.length() > MAX_CHARACTERS) {
                    throw new OperationFailedException(
                            "%s: expected at most %,d characters".formatted(file.name(), MAX_CHARACTERS));
                }
            }
            return text.toString();
        } catch (CharacterCodingException e) {
            throw new OperationFailedException("%s: not UTF-8".formatted(file.name()), e);
        } catch (IOException e) {
            throw new OperationFailedException("%s can't be read: %s".formatted(file.name(), e.getMessage()), e);
        }
    }
}
