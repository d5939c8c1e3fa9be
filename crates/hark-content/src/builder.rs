//! Builds documents in normal form: readers tell it what they meet, it keeps the bounds.

use crate::check;
use crate::limits::{DEPTH_MAX, NODES_MAX, TEXT_BYTES_MAX};
use crate::model::{Block, Document, Inline, Item, ListKind, Marks};

/// A node that holds blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Container {
    Quote,
    List(ListKind),
    Item,
}

impl Container {
    /// Its place in the counts of containers that were too deep to keep.
    fn index(self) -> usize {
        match self {
            Self::Quote => 0,
            Self::List(_) => 1,
            Self::Item => 2,
        }
    }
}

/// A node that holds inline nodes or code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Leaf {
    Paragraph,
    Heading(u8),
    Code(Option<String>),
    /// Something whose text is only there for those who do not know it.
    Instead(Block),
}

/// How leaves end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// As the reader said: an empty paragraph is an empty line.
    Exact,
    /// As browsers show them: nothing when there is nothing in it, and the last line break of a block
    /// makes no line.
    Html,
}

struct OpenContainer {
    container: Container,
    blocks: Vec<Block>,
    items: Vec<Item>,
    /// Opened because something had to be put somewhere.
    is_implicit: bool,
}

impl OpenContainer {
    fn is_list(&self) -> bool {
        matches!(self.container, Container::List(_))
    }
}

struct OpenLeaf {
    leaf: Leaf,
    inlines: Vec<Inline>,
    code: String,
    is_implicit: bool,
    /// Whitespace that becomes a space if something follows, with its marks.
    space: Option<Marks>,
}

/// A document under construction.
pub(crate) struct Builder {
    ending: Ending,
    blocks: Vec<Block>,
    open: Vec<OpenContainer>,
    too_deep: [usize; 3],
    leaf: Option<OpenLeaf>,
    nodes_left: usize,
    bytes_left: usize,
    is_cut: bool,
}

impl Builder {
    pub(crate) fn new(ending: Ending) -> Builder {
        Builder {
            ending,
            blocks: Vec::new(),
            open: Vec::new(),
            too_deep: [0; 3],
            leaf: None,
            nodes_left: NODES_MAX,
            bytes_left: TEXT_BYTES_MAX,
            is_cut: false,
        }
    }

    /// Notes that the reader left something out.
    pub(crate) fn cut(&mut self) {
        self.is_cut = true;
    }

    /// Whether nothing more fits.
    pub(crate) fn is_full(&self) -> bool {
        self.nodes_left == 0 || self.bytes_left == 0
    }

    /// Whether there is a leaf that text goes to.
    pub(crate) fn has_leaf(&self) -> bool {
        self.leaf.is_some()
    }

    /// The language of a code block that has neither one nor any text yet.
    pub(crate) fn set_language(&mut self, name: Option<String>) {
        if let Some(OpenLeaf { leaf: Leaf::Code(language @ None), code, .. }) = &mut self.leaf
            && code.is_empty()
        {
            *language = name;
        }
    }

    pub(crate) fn is_in_code(&self) -> bool {
        matches!(&self.leaf, Some(leaf) if matches!(leaf.leaf, Leaf::Code(_)))
    }

    pub(crate) fn open(&mut self, container: Container) {
        self.end_leaf();
        match container {
            Container::Item => self.make_room_for_item(),
            Container::List(_) | Container::Quote => self.make_room_for_block(),
        }
        self.push_container(container, false);
    }

    /// Closes the innermost open container of this sort and all within it, if there is one.
    pub(crate) fn close(&mut self, sort: Container) {
        self.end_leaf();
        let too_deep = &mut self.too_deep[sort.index()];
        if *too_deep > 0 {
            *too_deep -= 1;
            return;
        }
        let within_list = match sort {
            // The end of an item does not reach out of the list that it stands in.
            Container::Item => self.open.iter().rposition(OpenContainer::is_list).unwrap_or_default(),
            Container::List(_) | Container::Quote => 0,
        };
        let is_wanted = |open: &OpenContainer| {
            open.container.index() == sort.index() && !(open.is_list() && open.is_implicit)
        };
        if let Some(position) = self.open[within_list..].iter().rposition(is_wanted) {
            self.close_down_to(within_list + position);
        }
    }

    /// Begins a leaf, and ends the one before it.
    pub(crate) fn begin(&mut self, leaf: Leaf) {
        self.begin_leaf(leaf, false);
    }

    fn begin_leaf(&mut self, leaf: Leaf, is_implicit: bool) {
        self.end_leaf();
        self.make_room_for_block();
        if self.take_node() {
            let (inlines, code) = (Vec::new(), String::new());
            self.leaf = Some(OpenLeaf { leaf, inlines, code, is_implicit, space: None });
        }
    }

    pub(crate) fn end_leaf(&mut self) {
        let Some(mut open) = self.leaf.take() else { return };
        let is_empty = open.inlines.is_empty() && open.code.is_empty();
        let is_instead = matches!(open.leaf, Leaf::Instead(_));
        if is_empty && !is_instead && (self.ending == Ending::Html || open.is_implicit) {
            self.nodes_left += 1;
            return;
        }
        if self.ending == Ending::Html && open.inlines.last() == Some(&Inline::Break) {
            open.inlines.pop();
        }
        let block = match open.leaf {
            Leaf::Paragraph => Block::Paragraph(open.inlines),
            Leaf::Heading(level) => Block::Heading(level.clamp(1, 6), open.inlines),
            Leaf::Code(language) => {
                open.code.truncate(open.code.trim_end_matches('\n').len());
                Block::Code { language, text: open.code }
            }
            Leaf::Instead(block) => block,
        };
        self.blocks_here().push(block);
    }

    /// Adds a block that holds nothing else.
    pub(crate) fn block(&mut self, block: Block) {
        self.end_leaf();
        self.make_room_for_block();
        if self.take_node() {
            self.blocks_here().push(block);
        }
    }

    /// Adds text as it is; a line end becomes a line break, a tab a space.
    pub(crate) fn text(&mut self, text: &str, marks: &Marks) {
        if self.is_in_code() {
            return self.code(text);
        }
        for (index, line) in text.split('\n').enumerate() {
            if index > 0 {
                self.inline(Inline::Break);
            }
            let line: String = line.chars().map(|c| if c == '\t' { ' ' } else { c }).collect();
            self.run(&line, marks);
        }
    }

    /// Adds text in which whitespace is only there to part words, as in HTML.
    pub(crate) fn words(&mut self, text: &str, marks: &Marks) {
        if self.is_in_code() {
            return self.code(text);
        }
        let mut rest = text;
        while !rest.is_empty() {
            let end = rest.find(is_html_space).unwrap_or(rest.len());
            if end > 0 {
                self.flush_space();
                self.run(&rest[..end], marks);
            }
            rest = &rest[end..];
            let after = rest.trim_start_matches(is_html_space);
            if after.len() < rest.len() {
                self.note_space(marks);
            }
            rest = after;
        }
    }

    /// Adds a node to the line.
    pub(crate) fn inline(&mut self, inline: Inline) {
        if self.is_in_code() {
            if inline == Inline::Break {
                self.code("\n");
            }
            return;
        }
        if inline != Inline::Break {
            self.flush_space();
        }
        self.need_leaf();
        if self.take_node()
            && let Some(leaf) = &mut self.leaf
        {
            leaf.space = None;
            leaf.inlines.push(inline);
        }
    }

    pub(crate) fn finish(mut self) -> Document {
        self.end_leaf();
        self.close_down_to(0);
        Document { blocks: self.blocks, is_cut: self.is_cut }
    }

    fn code(&mut self, text: &str) {
        let kept: String = text.chars().filter(|c| check::is_text(*c) || matches!(c, '\n' | '\t')).collect();
        let kept = self.take_bytes(&kept).to_owned();
        // Each line may be indented by what stands around it.
        let fits = self.take_nodes(kept.matches('\n').count());
        if let Some(leaf) = self.leaf.as_mut().filter(|_| fits) {
            leaf.code.push_str(&kept);
        }
    }

    /// Adds text of one line.
    fn run(&mut self, text: &str, marks: &Marks) {
        let kept: String = text.chars().filter(|c| check::is_text(*c)).collect();
        let kept = self.take_bytes(&kept).to_owned();
        if kept.is_empty() {
            return;
        }
        self.need_leaf();
        if let Some(Inline::Text(last, last_marks)) =
            self.leaf.as_mut().and_then(|leaf| leaf.inlines.last_mut())
            && last_marks == marks
        {
            last.push_str(&kept);
            return;
        }
        // Each text repeats its link's target when it is written as JSON.
        let target = marks.link.as_ref().map_or(0, |link| link.href.len());
        if self.take_count(target)
            && self.take_node()
            && let Some(leaf) = &mut self.leaf
        {
            leaf.inlines.push(Inline::Text(kept, marks.clone()));
        }
    }

    fn note_space(&mut self, marks: &Marks) {
        if let Some(leaf) = &mut self.leaf
            && !matches!(leaf.inlines.last(), None | Some(Inline::Break))
            && leaf.space.is_none()
        {
            leaf.space = Some(marks.clone());
        }
    }

    fn flush_space(&mut self) {
        if let Some(marks) = self.leaf.as_mut().and_then(|leaf| leaf.space.take()) {
            self.run(" ", &marks);
        }
    }

    /// Text that stands in no block gets a paragraph, if one fits.
    fn need_leaf(&mut self) {
        if self.leaf.is_none() {
            self.begin_leaf(Leaf::Paragraph, true);
        }
    }

    /// An item goes into the innermost list, outside of that list's open item.
    fn make_room_for_item(&mut self) {
        let list = self.open.iter().rposition(OpenContainer::is_list);
        let barrier = self.open.iter().rposition(|open| open.container == Container::Quote);
        match list {
            Some(position) if barrier.is_none_or(|barrier| barrier < position) => {
                self.close_down_to(position + 1);
            }
            _ => {
                self.make_room_for_block();
                self.push_container(Container::List(ListKind::Bullets), true);
            }
        }
    }

    /// A block does not stand in a list but in an item, and not in a list that was only made up.
    fn make_room_for_block(&mut self) {
        match self.open.last() {
            Some(open) if open.is_list() && open.is_implicit => {
                self.close_down_to(self.open.len() - 1);
                self.make_room_for_block();
            }
            Some(open) if open.is_list() => self.push_container(Container::Item, true),
            _ => {}
        }
    }

    fn push_container(&mut self, container: Container, is_implicit: bool) {
        // An item is kept wherever its list was.
        let fits = self.open.len() < DEPTH_MAX || self.open.last().is_some_and(OpenContainer::is_list);
        if fits && self.take_node() {
            self.open.push(OpenContainer { container, blocks: Vec::new(), items: Vec::new(), is_implicit });
        } else if !is_implicit {
            self.too_deep[container.index()] += 1;
        }
    }

    fn close_down_to(&mut self, length: usize) {
        while self.open.len() > length {
            let Some(closed) = self.open.pop() else { return };
            match closed.container {
                Container::Item => self.push_item(closed.blocks),
                Container::Quote if !closed.blocks.is_empty() => {
                    self.blocks_here().push(Block::Quote(closed.blocks));
                }
                Container::List(kind) if !closed.items.is_empty() => {
                    self.blocks_here().push(Block::List(kind, closed.items));
                }
                Container::Quote | Container::List(_) => {}
            }
        }
    }

    fn push_item(&mut self, mut blocks: Item) {
        if blocks.is_empty() {
            blocks.push(Block::Paragraph(Vec::new()));
        }
        // Items are only ever opened in lists.
        if let Some(list) = self.open.last_mut() {
            list.items.push(blocks);
        }
    }

    fn blocks_here(&mut self) -> &mut Vec<Block> {
        match self.open.last_mut() {
            Some(open) => &mut open.blocks,
            None => &mut self.blocks,
        }
    }

    fn take_node(&mut self) -> bool {
        self.take_nodes(1)
    }

    fn take_nodes(&mut self, count: usize) -> bool {
        let left = self.nodes_left.checked_sub(count);
        self.is_cut |= left.is_none();
        self.nodes_left = left.unwrap_or_default();
        left.is_some()
    }

    fn take_count(&mut self, bytes: usize) -> bool {
        let left = self.bytes_left.checked_sub(bytes);
        self.is_cut |= left.is_none();
        self.bytes_left = left.unwrap_or_default();
        left.is_some()
    }

    /// As much of a text as still fits.
    fn take_bytes<'t>(&mut self, text: &'t str) -> &'t str {
        let kept = check::start(text, self.bytes_left);
        self.is_cut |= kept.len() < text.len();
        self.bytes_left -= kept.len();
        kept
    }
}

fn is_html_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r' | '\u{c}')
}
