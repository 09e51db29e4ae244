//! Tokens to a tree, with Go's grammar and Go's complaints.

use crate::error::{Error, ErrorKind};
use crate::lexer::{Kind, Lexer, Token};
use crate::limits::deep;
use crate::node::{
    Branch, Command, Definition, Expr, Invocation, List, Node, Pipe, Pos, Tree, Variable,
};
use crate::number::Number;
use crate::quote::{Unit, unescape, unquote};
use crate::text::Str;
use std::rc::Rc;

/// How deep parentheses may nest: Go's limit. Control structures are held to it as well.
const MAX_NESTING: usize = 10_000;

type Parsed<T> = Result<T, Box<Error>>;

/// What the parser must know of the world.
pub(crate) struct Config<'a> {
    pub(crate) left: &'a str,
    pub(crate) right: &'a str,
    /// Whether a function of this name exists.
    pub(crate) has_function: &'a dyn Fn(&str) -> bool,
}

/// A template a source defines, in the order Go would file them.
pub(crate) struct Defined {
    pub(crate) name: Str,
    pub(crate) body: Rc<List>,
}

/// Parses a source. The templates it defines come back in the order they end in the text.
pub(crate) fn parse(name: &str, text: &Str, config: &Config<'_>) -> Parsed<(Tree, Vec<Defined>)> {
    let mut lexer = Lexer::new(text, config.left.as_bytes(), config.right.as_bytes());
    lexer.break_ok = !(config.has_function)("break");
    lexer.continue_ok = !(config.has_function)("continue");
    let mut parser = Parser {
        name,
        text,
        config,
        lexer,
        scope: Scope::new(),
        nesting: 0,
        defined: Vec::new(),
    };
    let root = Rc::new(parser.top()?);
    parser.add(Str::from(name), &root)?;
    let delimiters = (config.left.to_owned(), config.right.to_owned());
    let tree = Tree {
        name: name.to_owned(),
        text: text.clone(),
        delimiters,
        root,
    };
    Ok((tree, parser.defined))
}

/// What Go keeps per tree: a `define` or `block` starts afresh.
struct Scope {
    /// Lookahead, the last token first.
    tokens: [Token; 3],
    peeked: usize,
    vars: Vec<Box<str>>,
    action_line: usize,
    ranges: usize,
    parens: usize,
}

impl Scope {
    fn new() -> Self {
        let blank = || Token {
            kind: Kind::Error,
            start: 0,
            end: 0,
            line: 0,
            message: String::new(),
        };
        Self {
            tokens: [blank(), blank(), blank()],
            peeked: 0,
            vars: vec!["$".into()],
            action_line: 0,
            ranges: 0,
            parens: 0,
        }
    }
}

struct Parser<'a> {
    name: &'a str,
    text: &'a Str,
    config: &'a Config<'a>,
    lexer: Lexer<'a>,
    scope: Scope,
    nesting: usize,
    defined: Vec<Defined>,
}

/// How a list ended.
enum End {
    End,
    /// `{{else}}`, with the `if` or `with` still to be read if one follows.
    Else,
}

impl End {
    fn text(&self) -> &'static str {
        match self {
            Self::End => "{{end}}",
            Self::Else => "{{else}}",
        }
    }
}

/// What an action turned out to be.
enum Item {
    Node(Node),
    End(End),
}

impl Parser<'_> {
    // Tokens

    fn next(&mut self) -> Token {
        if self.scope.peeked > 0 {
            self.scope.peeked -= 1;
        } else {
            self.scope.tokens[0] = self.lexer.next_token();
        }
        self.scope.tokens[self.scope.peeked.min(2)].clone()
    }

    fn backup(&mut self) {
        self.scope.peeked += 1;
    }

    fn backup2(&mut self, token: Token) {
        self.scope.tokens[1] = token;
        self.scope.peeked = 2;
    }

    fn backup3(&mut self, second: Token, first: Token) {
        self.scope.tokens[1] = first;
        self.scope.tokens[2] = second;
        self.scope.peeked = 3;
    }

    fn peek(&mut self) -> Token {
        if self.scope.peeked == 0 {
            self.scope.peeked = 1;
            self.scope.tokens[0] = self.lexer.next_token();
        }
        self.scope.tokens[(self.scope.peeked - 1).min(2)].clone()
    }

    fn next_solid(&mut self) -> Token {
        loop {
            let token = self.next();
            if token.kind != Kind::Space {
                return token;
            }
        }
    }

    fn peek_solid(&mut self) -> Token {
        let token = self.next_solid();
        self.backup();
        token
    }

    fn expect(&mut self, kind: Kind, context: &str) -> Parsed<Token> {
        let token = self.next_solid();
        if token.kind == kind {
            Ok(token)
        } else {
            Err(self.unexpected(&token, context))
        }
    }

    // Complaints

    fn error(&self, message: impl Into<String>) -> Box<Error> {
        let at = &self.scope.tokens[0];
        let column = crate::place::column(self.text, at.start);
        Box::new(Error {
            kind: ErrorKind::Parse,
            name: self.name.to_owned(),
            template: self.name.to_owned(),
            line: at.line,
            column: column + 1,
            span: at.start..at.end,
            context: String::new(),
            message: message.into(),
            chain: Vec::new(),
            cause: None,
            go_column: column,
        })
    }

    fn unexpected(&self, token: &Token, context: &str) -> Box<Error> {
        if token.kind != Kind::Error {
            return self.error(format!(
                "unexpected {} in {context}",
                token.describe(self.text)
            ));
        }
        let mut extra = String::new();
        let line = self.scope.action_line;
        if line != 0 && line != token.line {
            let action = if token.message.ends_with(" action") {
                ""
            } else {
                " in action"
            };
            extra = format!("{action} started at {}:{line}", self.name);
        }
        self.error(format!("{}{extra}", token.message))
    }

    // Grammar

    fn top(&mut self) -> Parsed<List> {
        let mut list = List::default();
        loop {
            let token = self.peek();
            if token.kind == Kind::Eof {
                return Ok(list);
            }
            if token.kind == Kind::LeftDelim {
                let delim = self.next();
                if self.next_solid().kind == Kind::Define {
                    let node = self.definition()?;
                    list.nodes.push(node);
                    continue;
                }
                self.backup2(delim);
            }
            match self.text_or_action()? {
                Item::Node(node) => list.nodes.push(node),
                Item::End(end) => return Err(self.error(format!("unexpected {}", end.text()))),
            }
        }
    }

    /// Runs `f` as for a tree of its own, and files the body it yields.
    fn fresh<T>(&mut self, f: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        let outer = std::mem::replace(&mut self.scope, Scope::new());
        let result = f(self);
        self.scope = outer;
        result
    }

    fn definition(&mut self) -> Parsed<Node> {
        const CONTEXT: &str = "define clause";
        self.fresh(|parser| {
            let token = parser.next_solid();
            if !matches!(token.kind, Kind::String | Kind::RawString) {
                return Err(parser.unexpected(&token, CONTEXT));
            }
            let name = parser.unquoted(&token)?;
            parser.expect(Kind::RightDelim, CONTEXT)?;
            let body = parser.body(CONTEXT)?;
            parser.add(name.clone(), &body)?;
            Ok(Node::Define(Definition {
                pos: pos(&token),
                name,
                body,
            }))
        })
    }

    fn body(&mut self, context: &str) -> Parsed<Rc<List>> {
        let (list, end) = self.item_list()?;
        match end {
            End::End => Ok(Rc::new(list)),
            End::Else => Err(self.error(format!("unexpected {} in {context}", end.text()))),
        }
    }

    /// Files a template. Within one source, only a blank definition may be replaced.
    fn add(&mut self, name: Str, body: &Rc<List>) -> Parsed<()> {
        if let Some(old) = self.defined.iter_mut().find(|defined| defined.name == name) {
            if old.body.is_blank() {
                old.body = Rc::clone(body);
            } else if !body.is_blank() {
                let name = crate::quote::quote(&name);
                return Err(self.error(format!("template: multiple definition of template {name}")));
            }
            return Ok(());
        }
        self.defined.push(Defined {
            name,
            body: Rc::clone(body),
        });
        Ok(())
    }

    fn item_list(&mut self) -> Parsed<(List, End)> {
        if self.nesting >= MAX_NESTING {
            return Err(self.error("max nesting depth exceeded"));
        }
        self.nesting += 1;
        let result = deep(|| self.items());
        self.nesting -= 1;
        result
    }

    fn items(&mut self) -> Parsed<(List, End)> {
        let mut list = List::default();
        while self.peek_solid().kind != Kind::Eof {
            match self.text_or_action()? {
                Item::Node(node) => list.nodes.push(node),
                Item::End(end) => return Ok((list, end)),
            }
        }
        Err(self.error("unexpected EOF"))
    }

    fn text_or_action(&mut self) -> Parsed<Item> {
        let token = self.next_solid();
        match token.kind {
            Kind::Text => Ok(Item::Node(Node::Text(
                pos(&token),
                Str::from(token.text(self.text)),
            ))),
            Kind::Comment => Ok(Item::Node(Node::Comment(
                pos(&token),
                Str::from(token.text(self.text)),
            ))),
            Kind::LeftDelim => {
                self.scope.action_line = token.line;
                let item = self.action();
                if item.is_ok() {
                    self.scope.action_line = 0;
                }
                item
            }
            _ => Err(self.unexpected(&token, "input")),
        }
    }

    fn action(&mut self) -> Parsed<Item> {
        let token = self.next_solid();
        let node = match token.kind {
            Kind::Block => self.block()?,
            Kind::Break => {
                self.loop_exit("{{break}}")?;
                Node::Break(pos(&token))
            }
            Kind::Continue => {
                self.loop_exit("{{continue}}")?;
                Node::Continue(pos(&token))
            }
            Kind::Else => return self.else_action(),
            Kind::End => {
                self.expect(Kind::RightDelim, "end")?;
                return Ok(Item::End(End::End));
            }
            Kind::If => Node::If(self.branch("if")?),
            Kind::Range => Node::Range(self.branch("range")?),
            Kind::With => Node::With(self.branch("with")?),
            Kind::Template => self.invocation()?,
            _ => {
                self.backup();
                let first = self.peek();
                let pipe = self.pipeline("command", Kind::RightDelim)?;
                Node::Action(
                    Pos {
                        start: first.start,
                        end: pipe.pos.end,
                        go: first.start,
                    },
                    pipe,
                )
            }
        };
        Ok(Item::Node(node))
    }

    fn loop_exit(&mut self, word: &str) -> Parsed<()> {
        let token = self.next_solid();
        if token.kind != Kind::RightDelim {
            return Err(self.unexpected(&token, word));
        }
        if self.scope.ranges == 0 {
            return Err(self.error(format!("{word} outside {{{{range}}}}")));
        }
        Ok(())
    }

    fn else_action(&mut self) -> Parsed<Item> {
        let token = self.peek_solid();
        if !matches!(token.kind, Kind::If | Kind::With) {
            self.expect(Kind::RightDelim, "else")?;
        }
        Ok(Item::End(End::Else))
    }

    fn pipeline(&mut self, context: &str, end: Kind) -> Parsed<Pipe> {
        let first = self.peek_solid();
        let mut pipe = Pipe {
            pos: pos(&first),
            assign: false,
            vars: Vec::new(),
            commands: Vec::new(),
        };
        self.declarations(&mut pipe, context)?;
        loop {
            let token = self.next_solid();
            match token.kind {
                kind if kind == end => {
                    self.check_pipeline(&pipe, context)?;
                    return Ok(pipe);
                }
                Kind::Bool
                | Kind::CharConstant
                | Kind::Complex
                | Kind::Dot
                | Kind::Field
                | Kind::Identifier
                | Kind::Number
                | Kind::Nil
                | Kind::RawString
                | Kind::String
                | Kind::Variable
                | Kind::LeftParen => {
                    self.backup();
                    let command = self.command()?;
                    pipe.pos.end = command.pos.end;
                    pipe.commands.push(command);
                }
                _ => return Err(self.unexpected(&token, context)),
            }
        }
    }

    fn declarations(&mut self, pipe: &mut Pipe, context: &str) -> Parsed<()> {
        loop {
            let variable = self.peek_solid();
            if variable.kind != Kind::Variable {
                return Ok(());
            }
            self.next();
            let after = self.peek();
            let next = self.peek_solid();
            let comma = next.kind == Kind::Char && next.text(self.text) == b",";
            if matches!(next.kind, Kind::Assign | Kind::Declare) {
                pipe.assign = next.kind == Kind::Assign;
                self.next_solid();
                self.declare(pipe, &variable);
            } else if comma {
                self.next_solid();
                self.declare(pipe, &variable);
                if context == "range" && pipe.vars.len() < 2 {
                    match self.peek_solid().kind {
                        Kind::Variable | Kind::RightDelim | Kind::RightParen => continue,
                        _ => return Err(self.error("range can only initialize variables")),
                    }
                }
                return Err(self.error(format!("too many declarations in {context}")));
            } else if after.kind == Kind::Space {
                self.backup3(variable, after);
            } else {
                self.backup2(variable);
            }
            return Ok(());
        }
    }

    fn declare(&mut self, pipe: &mut Pipe, token: &Token) {
        let variable = self.variable(token);
        self.scope.vars.push(lossy(token.text(self.text)).into());
        pipe.vars.push(variable);
    }

    fn variable(&self, token: &Token) -> Variable {
        Variable {
            pos: pos(token),
            name: lossy(token.text(self.text)).into(),
            fields: Vec::new(),
        }
    }

    fn check_pipeline(&self, pipe: &Pipe, context: &str) -> Parsed<()> {
        if pipe.commands.is_empty() {
            return Err(self.error(format!("missing value for {context}")));
        }
        for (i, command) in pipe.commands.iter().enumerate().skip(1) {
            let first = command.args.first();
            if matches!(
                first,
                Some(
                    Expr::Bool(..)
                        | Expr::Dot(_)
                        | Expr::Nil(_)
                        | Expr::Number(..)
                        | Expr::String(..)
                )
            ) {
                return Err(self.error(format!(
                    "non executable command in pipeline stage {}",
                    i + 1
                )));
            }
        }
        Ok(())
    }

    fn branch(&mut self, context: &'static str) -> Parsed<Branch> {
        let vars = self.scope.vars.len();
        let pipe = self.pipeline(context, Kind::RightDelim)?;
        let is_range = usize::from(context == "range");
        self.scope.ranges += is_range;
        let (body, end) = self.item_list()?;
        self.scope.ranges -= is_range;
        let otherwise = match end {
            End::End => None,
            End::Else => Some(self.otherwise(context)?),
        };
        self.scope.vars.truncate(vars);
        Ok(Branch {
            pos: pipe.pos,
            pipe,
            body,
            otherwise,
        })
    }

    fn otherwise(&mut self, context: &'static str) -> Parsed<List> {
        let next = self.peek().kind;
        let chained =
            context == "if" && next == Kind::If || context == "with" && next == Kind::With;
        if chained {
            self.next();
            if self.nesting >= MAX_NESTING {
                return Err(self.error("max nesting depth exceeded"));
            }
            self.nesting += 1;
            let branch = deep(|| self.branch(context))?;
            self.nesting -= 1;
            let node = if context == "if" {
                Node::If(branch)
            } else {
                Node::With(branch)
            };
            return Ok(List { nodes: vec![node] });
        }
        let (list, end) = self.item_list()?;
        match end {
            End::End => Ok(list),
            End::Else => Err(self.error(format!("expected end; found {}", end.text()))),
        }
    }

    fn block(&mut self) -> Parsed<Node> {
        const CONTEXT: &str = "block clause";
        let token = self.next_solid();
        let name = self.template_name(&token, CONTEXT)?;
        let pipe = self.pipeline(CONTEXT, Kind::RightDelim)?;
        let body = self.fresh(|parser| {
            let (list, end) = parser.item_list()?;
            Ok((Rc::new(list), end, parser.scope.tokens[0].clone()))
        });
        let (body, end, last) = body?;
        if matches!(end, End::Else) {
            return Err(self.error(format!("unexpected {} in {CONTEXT}", end.text())));
        }
        // Go files the block from within its own tree: a complaint carries the line of its last token.
        let own = std::mem::replace(&mut self.scope.tokens[0], last);
        self.add(name.clone(), &body)?;
        self.scope.tokens[0] = own;
        Ok(Node::Block(
            Invocation {
                pos: pos(&token),
                name,
                pipe: Some(pipe),
            },
            body,
        ))
    }

    fn invocation(&mut self) -> Parsed<Node> {
        const CONTEXT: &str = "template clause";
        let token = self.next_solid();
        let name = self.template_name(&token, CONTEXT)?;
        let mut pipe = None;
        if self.next_solid().kind != Kind::RightDelim {
            self.backup();
            pipe = Some(self.pipeline(CONTEXT, Kind::RightDelim)?);
        }
        Ok(Node::Template(Invocation {
            pos: pos(&token),
            name,
            pipe,
        }))
    }

    fn template_name(&self, token: &Token, context: &str) -> Parsed<Str> {
        match token.kind {
            Kind::String | Kind::RawString => self.unquoted(token),
            _ => Err(self.unexpected(token, context)),
        }
    }

    fn unquoted(&self, token: &Token) -> Parsed<Str> {
        unquote(token.text(self.text))
            .map(Str::from)
            .ok_or_else(|| self.error("invalid syntax"))
    }

    fn command(&mut self) -> Parsed<Command> {
        let mut command = Command {
            pos: pos(&self.peek_solid()),
            args: Vec::new(),
        };
        loop {
            self.peek_solid();
            if let Some(operand) = self.operand()? {
                command.pos.end = operand.pos().end.max(command.pos.end);
                command.args.push(operand);
            }
            let token = self.next();
            match token.kind {
                Kind::Space => continue,
                Kind::RightDelim | Kind::RightParen => self.backup(),
                Kind::Pipe => {}
                _ => return Err(self.unexpected(&token, "operand")),
            }
            break;
        }
        if command.args.is_empty() {
            return Err(self.error("empty command"));
        }
        Ok(command)
    }

    fn operand(&mut self) -> Parsed<Option<Expr>> {
        let Some(node) = self.term()? else {
            return Ok(None);
        };
        let first = self.peek();
        if first.kind != Kind::Field {
            return Ok(Some(node));
        }
        let start = node.pos().start;
        let mut at = Pos {
            start,
            end: first.end,
            go: first.start,
        };
        let mut fields = Vec::new();
        while self.peek().kind == Kind::Field {
            let token = self.next();
            at.end = token.end;
            fields.push(field_name(token.text(self.text)));
        }
        Ok(Some(match node {
            Expr::Field(_, mut names) => {
                names.append(&mut fields);
                Expr::Field(at, names)
            }
            Expr::Variable(mut variable) => {
                variable.pos = at;
                variable.fields.append(&mut fields);
                Expr::Variable(variable)
            }
            Expr::Bool(..) | Expr::String(..) | Expr::Number(..) | Expr::Nil(_) | Expr::Dot(_) => {
                let text = crate::quote::quote(node.to_string().as_bytes());
                return Err(self.error(format!("unexpected . after term {text}")));
            }
            node => Expr::Chain(at, Box::new(node), fields),
        }))
    }

    fn term(&mut self) -> Parsed<Option<Expr>> {
        let token = self.next_solid();
        let at = pos(&token);
        let text = token.text(self.text);
        Ok(Some(match token.kind {
            Kind::Identifier => {
                let name = lossy(text);
                if !(self.config.has_function)(&name) {
                    return Err(self.error(format!(
                        "function {} not defined",
                        crate::quote::quote(text)
                    )));
                }
                Expr::Identifier(at, name.into())
            }
            Kind::Dot => Expr::Dot(at),
            Kind::Nil => Expr::Nil(at),
            Kind::Variable => {
                let variable = self.variable(&token);
                if !self.scope.vars.contains(&variable.name) {
                    let name = crate::quote::quote(text);
                    return Err(self.error(format!("undefined variable {name}")));
                }
                Expr::Variable(variable)
            }
            Kind::Field => Expr::Field(at, vec![field_name(text)]),
            Kind::Bool => Expr::Bool(at, text == b"true"),
            Kind::CharConstant => Expr::Number(at, Box::new(self.character(text)?)),
            Kind::Number | Kind::Complex => {
                let number = Number::parse(&lossy(text), token.kind == Kind::Complex);
                Expr::Number(at, Box::new(number.map_err(|message| self.error(message))?))
            }
            Kind::LeftParen => {
                if self.scope.parens >= MAX_NESTING {
                    return Err(self.error("max expression depth exceeded"));
                }
                self.scope.parens += 1;
                let pipe = deep(|| self.pipeline("parenthesized pipeline", Kind::RightParen))?;
                self.scope.parens -= 1;
                Expr::Pipe(Box::new(pipe))
            }
            Kind::String | Kind::RawString => {
                Expr::String(at, Str::from(text), self.unquoted(&token)?)
            }
            _ => {
                self.backup();
                return Ok(None);
            }
        }))
    }

    fn character(&self, text: &[u8]) -> Parsed<Number> {
        let (unit, width) = unescape(text.get(1..).unwrap_or_default(), b'\'')
            .ok_or_else(|| self.error("invalid syntax"))?;
        if text.get(1 + width..) != Some(b"'") {
            return Err(self.error(format!("malformed character constant: {}", lossy(text))));
        }
        let code = match unit {
            Unit::Byte(b) if text.get(1) == Some(&b'\\') => u32::from(b),
            Unit::Byte(_) => u32::from(crate::utf8::BAD),
            Unit::Char(c) => u32::from(c),
        };
        Ok(Number::character(&lossy(text), code))
    }
}

fn pos(token: &Token) -> Pos {
    Pos {
        start: token.start,
        end: token.end,
        go: token.start,
    }
}

fn lossy(text: &[u8]) -> String {
    String::from_utf8_lossy(text).into_owned()
}

fn field_name(text: &[u8]) -> Str {
    Str::from(text.get(1..).unwrap_or_default())
}
